/** Set-up cannot go on. The message is for a person: the step, the tool's last lines, what to do. */
export class SetupFailure extends Error {
  /** @param {{ step: string, cause: string, output?: string, tryThis: string }} failure */
  constructor({ step, cause, output = "", tryThis }) {
    super(`ampx set-up failed: ${step}: ${cause}\n${lastLines(output)}What to do: ${tryThis}`);
    this.name = "SetupFailure";
  }
}

/** Without the retries, which would crowd out the reason. */
function lastLines(/** @type {string} */ output) {
  const lines = output
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.includes("Will retry in"));
  return lines
    .slice(-15)
    .map((line) => `    ${line.trimEnd()}\n`)
    .join("");
}

/** A signal asked us to end while setting up; thrown so that locks and half-made folders go first. */
export class SetupInterrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`interrupted by ${signal}`);
    this.name = "SetupInterrupted";
    this.signal = signal;
  }
}
