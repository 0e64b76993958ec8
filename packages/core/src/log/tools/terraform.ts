import type { LogTool } from "../tool.ts";

/** Terraform and OpenTofu: errors in boxes. */
export const terraform: LogTool = {
  name: "terraform",
  kind: "build",
  hints: [
    "│ Error: ",
    "Refreshing state...",
    ": Reading...",
    ": Read complete after",
    "Terraform exited with",
    "Plan: ",
  ],
  rules: [
    {
      is: "noise",
      line: /^\S+: (?:Refreshing state\.\.\.|Reading\.\.\.|Read complete after|Still )/,
    },
    { is: "failure", line: /^│ Error: (?<message>.*)$/, opens: { lines: 16, until: /^╵/ } },
    { is: "detail", within: true, line: /^│ {3}on (?<file>\S+) line (?<line>\d+)/ },
    { is: "detail", within: true, appends: true, line: /^│ (?<message>[A-Z].*)$/ },
    { is: "detail", within: true, line: /^│ (?:\S.*| {3,}\d+: .*)$/ },
    { is: "summary", line: /^Terraform exited with code \d+|^Plan: \d+ to add/ },
  ],
};
