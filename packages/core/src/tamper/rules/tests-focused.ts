import { addedLines, isTestCode } from "../forms/added-lines.ts";
import { rule } from "../rule.ts";

export const testsFocused = rule({
  name: "tests_focused",
  verdict: "undo",
  what: "Only some tests run, as they are marked to run alone.",
  undo: "Remove the mark, so that all tests run.",
  patterns: [],
  find: (change) => addedLines(change, (file) => file.language?.focused ?? [], isTestCode),
});
