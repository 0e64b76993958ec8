import type { LogTool } from "../tool.ts";

/** eslint: findings in columns under the path of their file, or one to a line with its path. */
export const eslint: LogTool = {
  name: "eslint",
  kind: "lint",
  hints: [
    "  error  ",
    " problems (",
    " problem (",
    "[Error/",
    " error  Parsing",
    "ESLint found too many warnings",
  ],
  rules: [
    {
      is: "failure",
      above: /^(?<file>(?:\/|\.{0,2}\/|[A-Z]:\\)?[\w@.()[\]+~-][^:*?"<>|]{0,300}\.\w{1,10})$/,
      line: /^ +(?<line>\d+):\d+ +error +(?<message>\S.*)/,
    },
    {
      is: "failure",
      line: /^(?<file>[^\s:][^:]{0,300}):(?<line>\d+):\d+: (?<message>.*) \[Error\/[\w@/-]+\]$/,
    },
    { is: "summary", line: /^✖ \d+ problems? \(/ },
    { is: "summary", line: /^\s*\d+ errors? and \d+ warnings? potentially fixable/ },
    { is: "failure", line: /^(?<message>ESLint found too many warnings.*)/ },
  ],
};
