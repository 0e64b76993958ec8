import { touchedFiles } from "../forms/touched-files.ts";
import { rule } from "../rule.ts";

export const hooksChanged = rule({
  name: "hooks_changed",
  verdict: "hold",
  what: "Hooks that check commits and pushes were changed.",
  undo: "Leave the hooks as they were.",
  patterns: [],
  find: (change) => touchedFiles(change, (file) => file.is("hook")),
});
