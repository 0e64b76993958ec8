import { oneLine } from "../one-line.ts";
import { overlapText } from "../overlap/overlap-text.ts";
import type { Overlap } from "../overlap/overlap.ts";
import { fenced, untrusted } from "./fence.ts";

/** What an agent is told of earlier tasks that change the same files and are not merged yet. */
export function overlapWords(overlaps: readonly Overlap[]): string {
  const lines = overlaps.map(
    (overlap) => `${overlapText(overlap)} (${oneLine(overlap.title, { maxChars: 120 })})`,
  );
  return [
    "Other tasks, begun before this one and not merged yet, change files that this one is about, too. Their change is not in this folder and is likely to be merged first: expect a merge with it. Keep to your own part; change of these files only what the task needs, leave the lines around as they are, and neither move, rename nor reformat them.",
    untrusted(
      "which tasks and files they are; where it says conflict, the two cannot be merged as they are now",
    ),
    fenced(lines.join("\n")),
  ].join("\n\n");
}
