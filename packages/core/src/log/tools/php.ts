import type { LogTool } from "../tool.ts";

/** What PHP itself prints when a script dies. */
export const php: LogTool = {
  name: "php",
  kind: "crash",
  hints: ["PHP Fatal error", "PHP Parse error", "Fatal error: ", "Parse error: "],
  rules: [
    {
      is: "failure",
      line: /^(?:PHP )?(?:Fatal|Parse) error: {1,2}(?<message>.*?) in (?<file>\/?[^\s:]+\.php)(?::| on line )(?<line>\d+)$/,
      opens: { lines: 6, until: /^(?:PHP )?(?:Fatal|Parse) error: |^ *-{3}/ },
    },
    { is: "detail", within: true, line: /^#\d+ / },
  ],
};

/** PHPStan's table: a heading with the file, a row for each finding. */
export const phpstan: LogTool = {
  name: "phpstan",
  kind: "type",
  hints: ["  Line ", "[ERROR] Found ", "[ERROR] ", " ------ "],
  rules: [
    {
      is: "place",
      line: /^ {2}Line {3}(?<file>\S.*)$/,
      opens: { lines: 400, until: /^ \[(?:ERROR|OK)\]/ },
    },
    { is: "failure", within: true, line: /^ {2}:?(?<line>\d+) {3,6}(?<message>\S.*)$/ },
    { is: "summary", line: /^ \[ERROR\] Found \d+ errors?$/ },
  ],
};
