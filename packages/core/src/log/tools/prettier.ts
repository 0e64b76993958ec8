import type { LogTool } from "../tool.ts";

/** prettier --check and --list-different. */
export const prettier: LogTool = {
  name: "prettier",
  kind: "format",
  hints: ["[warn] ", "[error] ", "Run Prettier"],
  rules: [
    {
      is: "summary",
      line: /^(?:\[(?:warn|error)\] )?(?:Code style issues|Error occurred when checking|Forgot to run Prettier)/,
    },
    { is: "failure", line: /^\[warn\] (?<file>[^\s:][^:]{0,300}\.\w{1,12})$/ },
    {
      is: "failure",
      line: /^\[error\] (?<file>[^\s:][^:]{0,300}): (?<message>\w*Error: .*?)(?: \((?<line>\d+):\d+\))?$/,
      opens: { lines: 8, until: /^(?!\[error\])/ },
    },
    {
      is: "failure",
      kind: "command",
      line: /^\[error\] (?<message>(?:No (?:files|parser)|Invalid|Cannot|Explicitly) .*)/,
    },
  ],
};
