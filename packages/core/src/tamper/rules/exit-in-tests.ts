import { addedLines, isTestCode } from "../forms/added-lines.ts";
import { rule } from "../rule.ts";

export const exitInTests = rule({
  name: "exit_in_tests",
  verdict: "undo",
  what: "Tests end the run as a success by themselves.",
  undo: "Remove the exit, and let the runner say how the tests went.",
  patterns: [],
  find: (change) =>
    addedLines(
      change,
      (file) =>
        file.isTest || file.language?.testsFrom !== undefined ? (file.language?.exits ?? []) : [],
      isTestCode,
    ),
});
