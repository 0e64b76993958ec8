import type { ChangeSet } from "../change-set.ts";
import { shapeOf } from "../literals.ts";
import { type Place, rule } from "../rule.ts";
import { testBalance } from "../test-balance.ts";

const equality = /[=!]==?(?!=)/g;
const inequality = /(?<![=<>-])[<>]=?(?![<>=])/g;
const condition =
  /^\s*(?:\} else )?(?:if|elif|unless|assert|while)\b|\b(?:assert|expect|check|require)\w*!?\s{0,2}[(.]/i;
const neverTrue = /\bif\b.{0,200}(?:&& false\b|\band False\b)|\|\| true\b.{0,10}\)/;

export const assertionsWeakened = rule({
  name: "assertions_weakened",
  verdict: "undo",
  what: "An assertion of the one right value became one that many values pass.",
  undo: "Assert the exact value again.",
  patterns: [equality, inequality, condition, neverTrue],
  *find(change) {
    const told = new Set<string>();
    for (const { lost, gained } of testBalance(change).tests.values()) {
      const exactLost = lost.filter(({ strength }) => strength === "exact").length;
      const exactGained = gained.filter(({ strength }) => strength === "exact").length;
      const weak = gained.filter(({ strength }) => strength === "weak");
      for (const { file, line } of weak.slice(0, Math.max(0, exactLost - exactGained))) {
        told.add(`${file.path}:${line.number}`);
        yield { file: file.path, line: line.number, evidence: line.text };
      }
    }
    for (const place of loosened(change)) if (!told.has(`${place.file}:${place.line}`)) yield place;
  },
});

/** Conditions of tests in which `==` became `>=`, or that can no longer hold. */
function* loosened(change: ChangeSet): Iterable<Place> {
  for (const file of change.files)
    for (const hunk of file.hunks) {
      const removed = new Map<string, string>();
      const relevant = hunk.filter(
        (line) => line.inTest && !line.isComment && condition.test(line.text),
      );
      for (const { op, block, text } of relevant)
        if (op === "-" && text.search(equality) !== -1)
          removed.set(`${block} ${relationless(text)}`, text);
      for (const line of relevant) {
        if (line.op !== "+" || line.isMoved) continue;
        const before = removed.get(`${line.block} ${relationless(line.text)}`);
        const looser = before !== undefined && line.text.search(equality) === -1;
        if (looser || neverTrue.test(line.text))
          yield { file: file.path, line: line.number, evidence: line.text };
      }
    }
}

function relationless(text: string): string {
  return shapeOf(text).replaceAll(/[=!]==?(?!=)|(?<![=<>-])[<>]=?(?![<>=])/g, "?");
}
