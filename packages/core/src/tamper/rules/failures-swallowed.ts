import { above, addedLines, below, matchOf } from "../forms/added-lines.ts";
import { rule } from "../rule.ts";

/** Names the failure of an assertion, or everything there is. */
const namesFailure = /Assert|Expectation|\bFailed\b|Throwable|catch_unwind|Xunit|EqualException/;
const begins = /\b(?:try|begin|do)\b|\.run\(|\bdefer\b|\bwith\b/;

export const failuresSwallowed = rule({
  name: "failures_swallowed",
  verdict: "undo",
  what: "A test passes although its assertion fails.",
  undo: "Let the assertion fail the test.",
  patterns: [namesFailure, begins],
  find: (change) =>
    addedLines(
      change,
      ({ language }) => (language === null ? [] : [...language.swallows, language.catches]),
      ({ file, line, hunk, index }) => {
        const { language } = file;
        if (!line.inTest || line.isComment || language === null) return false;
        const [next] = below(hunk, index);
        const isWhole = matchOf(line.text, language.swallows) !== null;
        if (!isWhole && !(next !== undefined && language.nothing.test(next.text))) return false;
        if (namesFailure.test(line.text) || language.name === "go") return true;
        const parts = line.text.split(/\bcatch\b/);
        if (parts.length > 1 && language.assertion.test(parts[0] ?? "")) return true;
        if (!isWhole && next !== undefined && rethrows(hunk, index)) return false;
        for (const before of above(hunk, index)) {
          if (language.assertion.test(before.text) && !before.isComment) return true;
          if (begins.test(before.text) || before.beginsTest) return false;
        }
        return false;
      },
    ),
});

/** A handler that checks the failure or passes it on does not swallow it. */
function rethrows(hunk: Parameters<typeof below>[0], index: number): boolean {
  let left = 4;
  for (const { text } of below(hunk, index)) {
    if (left-- === 0) break;
    if (/\b(?:throw|raise|panic|expect|assert\w*|fail|done\(|reject)\b/i.test(text)) return true;
  }
  return false;
}
