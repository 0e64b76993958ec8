import { appendFileSync, renameSync, statSync } from "node:fs";

/** Where the server's processes tell what they do: one line each, with time and name, redacted. */
export type ServerLog = (name: string, text: string) => void;

/** Appends to `file`; at `maxBytes` it becomes `<file>.1` and a new one is begun, so that two of them are kept. */
export function serverLog(options: {
  file: string;
  maxBytes: number;
  redact: (text: string) => string;
  now: () => number;
  echo?: (line: string) => void;
}): ServerLog {
  const { file, maxBytes, redact, now, echo } = options;
  return (name, text) => {
    const time = new Date(now()).toISOString();
    const lines = redact(text.trimEnd())
      .split("\n")
      .map((line) => `${time} ${name.padEnd(6)} ${line}\n`);
    const block = lines.join("");
    if (sizeOf(file) + block.length > maxBytes) rotate(file);
    appendFileSync(file, block, { mode: 0o600 });
    echo?.(block);
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function rotate(file: string): void {
  if (sizeOf(file) > 0) renameSync(file, `${file}.1`);
}
