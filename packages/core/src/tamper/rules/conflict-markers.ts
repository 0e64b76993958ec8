import type { ChangedFile } from "../change-set.ts";
import { type Place, rule } from "../rule.ts";

const begins = /^<{7}(?:\s|$)/;
const parts = /^={7}\s*$/;
const ends = /^>{7}(?:\s|$)/;
/** Of a block of code in a document. */
const fence = /^\s*(?:```|~~~)/;

export const conflictMarkers = rule({
  name: "conflict_markers",
  verdict: "undo",
  what: "A merge conflict was left in a file.",
  undo: "Resolve the conflict: keep what is wanted of both sides, and remove the lines of markers.",
  patterns: [begins, parts, ends, fence],
  *find(change) {
    for (const file of change.files) {
      // What tests read may well show a conflict; git writes none into a file that is gone.
      const isSample = file.language === null && file.is("testData");
      if (file.status !== "deleted" && !isSample) yield* conflictsIn(file);
    }
  },
});

/** All three markers, in their order: a line of seven equals signs alone is a heading. */
function* conflictsIn(file: ChangedFile): Iterable<Place> {
  let begun: Place | null = null;
  let isParted = false;
  for (const hunk of file.hunks) {
    let inFence = false;
    for (const { op, text, number, isMoved } of hunk) {
      if (op !== "-" && file.is("doc") && fence.test(text)) inFence = !inFence;
      if (op !== "+" || isMoved || inFence) continue;
      if (begins.test(text)) {
        begun = { file: file.path, line: number, evidence: text };
        isParted = false;
      } else if (begun !== null && parts.test(text)) isParted = true;
      else if (begun !== null && isParted && ends.test(text)) {
        yield begun;
        begun = null;
      }
    }
  }
}
