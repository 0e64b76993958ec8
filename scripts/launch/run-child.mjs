import { spawn } from "node:child_process";

const FORWARDED = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * How a child ended. `interrupted` is the signal that asked us to end meanwhile, `output` what was captured.
 *
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null, interrupted?: NodeJS.Signals, output?: string }} Ending
 */

/**
 * Runs a program to its end and passes our signals on to it. Its streams are ours, unless `capture` keeps what it prints.
 * Rejects when it cannot be started (`ENOENT` and the like).
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, capture?: boolean }} options
 * @returns {Promise<Ending>}
 */
export function runChild(file, args, { cwd, env, capture = false }) {
  return new Promise((resolve, reject) => {
    /** @type {NodeJS.Signals | undefined} */
    let interrupted;
    const forward = (/** @type {NodeJS.Signals} */ signal) => {
      interrupted = signal;
      // Ctrl-C reaches the whole foreground group; a second one from us would read as "now, by force".
      if (signal === "SIGINT" && isOnTerminal()) return;
      child.kill(signal);
    };
    // Before the child is there: who sees it may signal us at once.
    for (const signal of FORWARDED) process.on(signal, forward);
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: capture ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    const keep = (/** @type {Buffer} */ chunk) =>
      (output = (output + chunk.toString()).slice(-16_000));
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);

    const done = () => {
      for (const signal of FORWARDED) process.off(signal, forward);
    };

    child.once("error", (fault) => {
      done();
      reject(fault);
    });
    child.once("close", (code, signal) => {
      done();
      resolve({ code, signal, output, ...(interrupted === undefined ? {} : { interrupted }) });
    });
  });
}

function isOnTerminal() {
  return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
}

/**
 * Ends this process as the child ended: with its exit code, or by its signal, so that a shell sees no difference.
 *
 * @param {Ending} ending
 */
export function endLike({ code, signal }) {
  if (signal === null) process.exitCode = code ?? 1;
  else process.kill(process.pid, signal);
}
