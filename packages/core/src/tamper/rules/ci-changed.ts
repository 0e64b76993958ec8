import { touchedFiles } from "../forms/touched-files.ts";
import { rule } from "../rule.ts";

export const ciChanged = rule({
  name: "ci_changed",
  verdict: "hold",
  what: "What decides whether a change is green was itself changed.",
  undo: "Leave the CI files as they were.",
  patterns: [],
  find: (change) => touchedFiles(change, (file) => file.is("ci")),
});
