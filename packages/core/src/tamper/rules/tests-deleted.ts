import type { ChangedFile } from "../change-set.ts";
import { wordOf } from "../forms/touched-files.ts";
import { type Place, rule } from "../rule.ts";
import { testBalance } from "../test-balance.ts";

/** Names that say by themselves that a file holds tests, whatever its folder. */
const testName =
  /(?:^|\/)(?:test_[^/]+|[^/]+(?:[._-](?:test|tests|spec)|(?:Test|Tests|Spec|IT))\.\w{1,6}|[^/]+\.bats)$/;

export const testsDeleted = rule({
  name: "tests_deleted",
  verdict: "undo",
  what: "Tests were deleted, commented out or hidden from the runner, and what they test is still there.",
  undo: "Bring the deleted tests back and make the code pass them.",
  patterns: [testName],
  *find(change) {
    const lost = testBalance(change).lostTests;
    for (const { file, line } of lost)
      yield { file: file.path, line: line.number, evidence: `- ${line.text.trim()}` };
    for (const file of change.files) {
      const counted = file.hunks.some((hunk) => hunk.some((line) => line.beginsTest));
      if (!counted && isHidden(file) && !change.gone.testedBy(file.oldPath)) yield wholeFile(file);
    }
  },
});

/** A file of tests that is gone, or renamed to a name that no runner looks for, though its tests cannot be counted. */
function isHidden(file: ChangedFile): boolean {
  const isCode =
    file.wasTest ||
    /\.(?:sh|bats|feature|robot|sql|lua|pl|t|r|jl|hs|ml|clj|dart|scm|el)$/i.test(file.oldPath);
  if (file.wasTest && file.status === "renamed" && file.language === null) return true;
  if (!isCode || !testName.test(file.oldPath)) return false;
  if (file.status === "renamed") return !testName.test(file.path);
  const lines = file.hunks.flat().filter((line) => line.op === "-" && line.text.trim() !== "");
  return (
    file.status === "deleted" && lines.filter((line) => line.isMoved).length * 2 <= lines.length
  );
}

function wholeFile(file: ChangedFile): Place {
  return { file: file.path, line: null, evidence: `the file of tests was ${wordOf(file)}` };
}
