import type { LogTool } from "../tool.ts";

const over = /^(?:--$|ERRORS!|FAILURES!|WARNINGS!|There (?:was|were) |Tests: )/;

/** PHPUnit and Pest. */
export const phpunit: LogTool = {
  name: "phpunit",
  kind: "test",
  hints: ["There was ", "There were ", "ERRORS!", "FAILURES!", "Assertions: ", "  FAILED  "],
  rules: [
    {
      is: "block",
      line: /^There (?:was|were) \d+ (?:PHPUnit )?(?:error|failure)s?:$/,
      opens: { lines: 4, until: over },
    },
    {
      is: "failure",
      within: true,
      line: /^\d+\) (?<test>\S.*)$/,
      opens: { lines: 40, until: over },
    },
    {
      is: "failure",
      line: /^ {2}FAILED {1,3}(?<test>[A-Z][\w\\]+ > .*)$/,
      opens: { lines: 25, until: /^ {2}(?:FAILED|Tests: )/ },
    },
    {
      is: "detail",
      within: true,
      line: /^(?:\d+\s+)?(?!\S*\/vendor\/)(?<file>\/?[^\s:]+\.php):(?<line>\d+)$/,
    },
    { is: "detail", within: true, line: /^ {2}at (?<file>[^\s:]+\.php):(?<line>\d+)$/ },
    {
      is: "detail",
      within: true,
      line: /^ {0,2}(?<message>(?:Failed asserting|Expectation failed|Method was expected|[\w\\]+(?:Exception|Error)\b).*)$/,
    },
    { is: "detail", within: true, appends: true, line: /^(?<message>[-+](?!-|\+).*)$/ },
    { is: "summary", line: /^(?:ERRORS!|FAILURES!)$/ },
    { is: "summary", line: /^\s*Tests: +\d+.*Assertions: \d+/ },
  ],
};
