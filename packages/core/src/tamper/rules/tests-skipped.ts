import type { ChangeSet } from "../change-set.ts";
import { above, addedLines, below, isTestCode } from "../forms/added-lines.ts";
import type { Line } from "../lines.ts";
import { type Place, rule } from "../rule.ts";

/** Opens a comment or a condition that is never true, over lines that stay as they are. */
const opens = /^\s*(?:\/\*+|"""|'''|=begin|<!--|#\s{0,4}if\s{1,4}(?:0|false))\s*$/;
const closes = /\*\/\s*$|^\s*(?:"""|'''|=end|-->|#\s{0,4}endif)/;
const condition =
  /^\s*(?:if|unless)\b(?!\s{0,4}\(?\s{0,4}(?:true|True|1)\b)(?!.{0,200}\b(?:CI|GITHUB_ACTIONS)\b)/;
/** Ends a test before it did anything. */
const leaves =
  /^\s*(?:return|return (?:null|nil|None|undefined|Ok\(\(\)\)|Promise\.resolve\(\)))?\s{0,4};?\s*$/;

export const testsSkipped = rule({
  name: "tests_skipped",
  verdict: "undo",
  what: "Tests were taken out of the run.",
  undo: "Remove the skip, and make the code pass the test.",
  patterns: [opens, closes, leaves, condition],
  *find(change) {
    yield* addedLines(
      change,
      (file) => file.language?.skipped ?? [],
      (added) =>
        isTestCode(added) &&
        !(
          isConditional(added.hunk, added.index) && isOfNewTest(added.line, added.hunk, added.index)
        ),
    );
    yield* addedLines(
      change,
      (file) => file.language?.skippedIf ?? [],
      ({ line, hunk, index }) => line.inTest && !line.isComment && !isOfNewTest(line, hunk, index),
    );
    yield* wrapped(change);
  },
});

/** Under a condition that can hold, other than on CI. */
function isConditional(hunk: readonly Line[], index: number): boolean {
  const [before] = above(hunk, index);
  return before !== undefined && condition.test(before.text);
}

/** A mark stands on the line that begins a test, above it, or in its body. */
function isOfNewTest(line: Line, hunk: readonly Line[], index: number): boolean {
  if (line.beginsTest)
    return !hunk.some((other) => other.op === "-" && other.test?.name === line.test?.name);
  let left = 4;
  for (const next of below(hunk, index)) {
    if (left-- === 0) break;
    if (next.beginsTest) return next.op === "+";
  }
  return line.test?.op === "+";
}

function* wrapped(change: ChangeSet): Iterable<Place> {
  for (const file of change.files) {
    const { language } = file;
    if (language === null) continue;
    for (const hunk of file.hunks)
      for (const [index, line] of hunk.entries()) {
        if (line.op !== "+" || line.isMoved || !line.inTest) continue;
        const found = { file: file.path, line: line.number, evidence: line.text };
        if (opens.test(line.text)) {
          for (const next of below(hunk, index)) {
            if (next.op === "+" && closes.test(next.text)) break;
            if (next.op !== " " || !(language.assertion.test(next.text) || next.beginsTest))
              continue;
            yield found;
            break;
          }
        } else if (leaves.test(line.text) && line.text.trim() !== "") {
          const [before] = above(hunk, index);
          if (before?.beginsTest === true && before.op === " ") yield found;
        }
      }
  }
}
