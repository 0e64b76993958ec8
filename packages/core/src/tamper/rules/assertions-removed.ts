import { rule } from "../rule.ts";
import { testBalance } from "../test-balance.ts";

export const assertionsRemoved = rule({
  name: "assertions_removed",
  verdict: "undo",
  what: "A test checks less than before, or nothing.",
  undo: "Bring the removed assertions back and make the code pass them.",
  patterns: [],
  *find(change) {
    for (const { lost, gained } of testBalance(change).tests.values()) {
      if (lost.length <= gained.length) continue;
      const [first] = lost;
      if (first === undefined) continue;
      const { file, line } = first;
      const evidence = `- ${line.text.trim()} (${lost.length} removed, ${gained.length} added)`;
      yield { file: file.path, line: line.number, evidence };
    }
  },
});
