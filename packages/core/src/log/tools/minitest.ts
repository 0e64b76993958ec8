import type { LogTool } from "../tool.ts";

/** minitest and test-unit's successor in Rails: numbered blocks behind the run, or one block as each test fails. */
export const minitest: LogTool = {
  name: "minitest",
  kind: "test",
  hints: ["Failure:", "Error:", " assertions, "],
  rules: [
    {
      is: "block",
      line: /^(?: {2}\d+\) )?(?:Failure|Error):$/,
      opens: { lines: 3, until: /^\d+ (?:runs|tests), / },
    },
    {
      is: "failure",
      within: true,
      line: /^(?<test>[A-Z][\w:]*#.*?)(?: \[(?<file>[^[\]:]+):(?<line>\d+)\])?:$/,
      opens: { lines: 14, until: /^ {2}\d+\) |^(?:Finished in|\d+ (?:runs|tests), )/ },
    },
    {
      is: "detail",
      within: true,
      line: /^(?:bin\/)?rails test (?<file>\S+):(?<line>\d+)$/,
      opens: { lines: 0 },
    },
    {
      is: "detail",
      within: true,
      line: /^ {4}(?!\/usr|\S*\/gems\/)(?<file>\S+\.rb):(?<line>\d+):in/,
    },
    { is: "detail", within: true, appends: true, line: /^(?<message>Expected\b.*)$/ },
    { is: "detail", within: true, appends: true, line: /^ {2}(?<message>Actual: .*)$/ },
    { is: "detail", within: true, line: /^(?<message>\S.*)$/ },
    { is: "summary", line: /^\d+ (?:runs|tests), \d+ assertions, \d+ failures, \d+ errors/ },
  ],
};
