import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** Asks on a terminal. Only `y` or `yes` is a yes; the end of the input is a no. Throws the signal's reason when it aborts. */
export async function confirm(
  question: string,
  { input, output, signal }: { input: Readable; output: Writable; signal: AbortSignal },
): Promise<boolean> {
  signal.throwIfAborted();
  // Not `terminal`: it would take Ctrl-C for itself.
  using lines = createInterface({ input, output, terminal: false });
  const answer = Promise.withResolvers<string>();
  const stop = () => answer.reject(signal.reason);
  lines.once("line", answer.resolve);
  lines.once("close", () => answer.resolve(""));
  signal.addEventListener("abort", stop, { once: true });
  output.write(`${question} [y/N] `);
  try {
    return /^y(es)?$/i.test((await answer.promise).trim());
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
