import { oneLine } from "../one-line.ts";
import { type Draft, failuresOf } from "./drafts.ts";
import type { Failure } from "./failure.ts";
import type { Note, Notes } from "./notes.ts";

/**
 * What failed: of the steps that failed where any says so, because an error in a step that passed was none. A failed step without words of its own
 * sums up earlier ones. Never none for a log with a line.
 */
export function failuresIn(notes: Notes, drafts: readonly Draft[]): Failure[] {
  const ofFailed = failuresOf(drafts.filter(({ step }) => step.hasFailed || !notes.anyFailed));
  if (ofFailed.length > 0) return ofFailed;
  // The last line that sounds like trouble, else the last before the step gave up.
  const words =
    notes.failed.findLast(({ role }) => role === "block" || role === "echo") ??
    notes.failed.findLast(({ role }) => role === "output");
  if (words !== undefined) return [unknownFailure(words)];
  const ofAll = failuresOf(drafts);
  const exit = notes.failed.findLast(({ role }) => role === "exit") ?? notes.failed.at(-1);
  return ofAll.length > 0 || exit === undefined ? ofAll : [unknownFailure(exit)];
}

function unknownFailure({ text }: Note): Failure {
  return { tool: "log", kind: "command", message: oneLine(text, { maxChars: 300 }) };
}
