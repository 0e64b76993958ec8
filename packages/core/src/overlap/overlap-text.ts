import { oneLine } from "../one-line.ts";
import { shortId, type TaskId } from "../scalars.ts";
import type { Overlap } from "./overlap.ts";

/** What another task changes, too, in one line: `abc123: src/a.ts (conflict), src/b.ts`. Names of files are anybody's words. */
export function overlapText({ task, files, conflicts }: Omit<Overlap, "title" | "commit">): string {
  // Where they meet in a file that one of them has moved, the conflict has a name of its own.
  const all = [...conflicts, ...files.filter((file) => !conflicts.includes(file))];
  const shown = all
    .slice(0, mostShown)
    .map((file) => `${fileName(file)}${conflicts.includes(file) ? " (conflict)" : ""}`);
  const left = all.length - shown.length;
  return `${shortId(task)}: ${shown.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

/** What a task waits for that waits for the other one, and how it need not: `abc123, which changes src/a.ts, too (ampx continue …)`. */
export function overlapWait(own: TaskId, { task, files, conflicts }: Overlap): string {
  const [first = "", ...rest] = [...new Set([...conflicts, ...files])];
  const more = rest.length === 0 ? "" : ` and ${rest.length} more`;
  return `${shortId(task)}, which changes ${fileName(first)}${more}, too (ampx continue ${shortId(own)} --allow overlaps)`;
}

function fileName(file: string): string {
  return oneLine(file, { maxChars: 120 });
}

const mostShown = 20;
