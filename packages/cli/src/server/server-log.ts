import { appendFileSync, renameSync, statSync } from "node:fs";

/** Where the server's processes tell what they do: one line each, with time and name, redacted. */
export type ServerLog = (name: string, text: string) => void;

/**
 * Appends to `file`; at `maxBytes` it becomes `<file>.1` and a new one is begun, so that two of them are kept. Never throws for what
 * the file system refuses: a full disk must not end the server. The next line that can be written is preceded by how many were lost.
 */
export function serverLog(options: {
  file: string;
  maxBytes: number;
  redact: (text: string) => string;
  now: () => number;
  echo?: (line: string) => void;
}): ServerLog {
  const { file, maxBytes, redact, now, echo } = options;
  let lost = 0;
  const linesOf = (name: string, text: string) => {
    const time = new Date(now()).toISOString();
    return text.split("\n").map((line) => `${time} ${name.padEnd(6)} ${line}\n`);
  };
  return (name, text) => {
    const lines = linesOf(name, redact(text.trimEnd()));
    const block = lines.join("");
    echo?.(block);
    const missed =
      lost === 0
        ? ""
        : linesOf(
            "ampx",
            `${lost} ${lost === 1 ? "line" : "lines"} could not be written here`,
          ).join("");
    const problem = append(file, missed + block, maxBytes);
    if (problem !== undefined && lost === 0)
      echo?.(linesOf("ampx", `the log cannot be written: ${problem}`).join(""));
    lost = problem === undefined ? 0 : lost + lines.length;
  };
}

/** What the file system said against it, if anything. */
function append(file: string, block: string, maxBytes: number): string | undefined {
  try {
    if (sizeOf(file) + block.length > maxBytes) rotate(file);
    appendFileSync(file, block, { mode: 0o600 });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function rotate(file: string): void {
  if (sizeOf(file) > 0) renameSync(file, `${file}.1`);
}
