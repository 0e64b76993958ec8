// The rules of this repository that oxlint does not have. Loaded by .oxlintrc.json.
import { importDirection } from "./import-direction.mjs";
import { noCurrentDate } from "./no-current-date.mjs";

export default {
  meta: { name: "ampx" },
  rules: { "import-direction": importDirection, "no-current-date": noCurrentDate },
};
