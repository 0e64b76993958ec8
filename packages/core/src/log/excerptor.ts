import { logReader } from "./read-log.ts";

/** Takes the log of one failed job in, piece by piece, and gives the part that a fixer needs to see. */
interface Excerptor {
  /** Text or bytes, cut anywhere, redacted. */
  push(chunk: string | Uint8Array): void;
  /** The excerpt of all that was pushed: never empty, never longer than `maxChars`. */
  end(): string;
}

/** `redact` takes secrets out of a line, before it is cut. */
export function excerptor({
  maxChars,
  redact,
}: {
  maxChars: number;
  redact?: (text: string) => string;
}): Excerptor {
  const reader = logReader(redact === undefined ? {} : { redact });
  return { push: reader.push, end: () => reader.end().excerpt(maxChars) };
}
