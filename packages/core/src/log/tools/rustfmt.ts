import type { LogTool } from "../tool.ts";

/** `cargo fmt --check`. */
export const rustfmt: LogTool = {
  name: "rustfmt",
  kind: "format",
  hints: ["Diff in "],
  rules: [
    {
      is: "failure",
      line: /^(?<message>Diff in) (?<file>\S+?)(?::| at line )(?<line>\d+):$/,
      opens: { lines: 20, until: /^[^ +-]/ },
    },
    { is: "detail", within: true, line: /^[-+]/ },
  ],
};
