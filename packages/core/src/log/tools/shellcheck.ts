import type { LogTool } from "../tool.ts";

/** ShellCheck: one line each, or its long form: `In deploy.sh line 12:`, the source, and marks under it. */
export const shellcheck: LogTool = {
  name: "shellcheck",
  kind: "lint",
  hints: ["In ", "SC1", "SC2", "SC3"],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[^\s:]+):(?<line>\d+):\d+: (?:error|warning|note|info|style): (?<message>.* \[SC\d+\])$/,
    },
    {
      is: "place",
      line: /^In (?<file>\S+) line (?<line>\d+):$/,
      opens: { lines: 8, until: /^Did you mean:|^For more information:/ },
    },
    { is: "failure", within: true, line: /^ *\^[-^]* (?<message>SC\d{4}(?: \(\w+\))?: .*)$/ },
    { is: "noise", line: /^ {2}https:\/\/www\.shellcheck\.net\// },
  ],
};
