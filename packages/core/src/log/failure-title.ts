import { oneLine } from "../one-line.ts";
import type { Failure } from "./failure.ts";

/** A failure in one line for people: which test or place, and what it says. */
export function failureTitle({ test, file, line, message }: Failure): string {
  const place = file === undefined ? "" : line === undefined ? file : `${file}:${line}`;
  const title = [test ?? place, message].filter((part) => part !== "").join(": ");
  return oneLine(title, { maxChars: 200 });
}
