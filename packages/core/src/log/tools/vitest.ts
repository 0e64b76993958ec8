import type { LogTool } from "../tool.ts";

/** vitest: a `FAIL file > test` block per failure after the list of files. */
export const vitest: LogTool = {
  name: "vitest",
  kind: "test",
  hints: [
    " FAIL ",
    " Test Files ",
    "   Tests ",
    " Errors ",
    "⎯⎯⎯",
    "No test files found",
    "ERROR: Coverage for",
  ],
  rules: [
    {
      is: "failure",
      line: /^\s?FAIL {2}(?:\|?[\w@/.-]{1,60}\|? )?(?<test>(?<file>[^\s>]+\.\w{2,4})(?: > .*?)?)(?: \[ .* \])?$/,
      opens: { lines: 150, until: /^(?:⎯{3,}.*⎯$| Test Files )/ },
    },
    {
      is: "failure",
      kind: "crash",
      line: /^⎯{3,} (?<test>(?:Unhandled|Uncaught) (?:Errors?|Rejections?|Exceptions?)) ⎯{3,}$/,
      opens: { lines: 60, until: /^(?:⎯{3,}$| Test Files )/ },
    },
    {
      is: "detail",
      within: true,
      line: /^(?<message>[A-Za-z_]\w*(?:Error|Exception)(?: \[\w+\])?: .*|(?:Assertion)?Error: .*|Test timed out .*|Snapshot .* mismatched)/,
    },
    {
      is: "detail",
      within: true,
      line: /^ {1,3}❯ (?:.{1,200} )?(?!.{0,200}node_modules)(?<file>[^\s:]+\.\w+):(?<line>\d+):\d+$/,
    },
    { is: "detail", within: true, line: /^ *\d+\| .*|^ *\| +\^/ },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^(?<message>[-+] {1,4}(?!Expected$|Received$)\S.*)/,
    },
    { is: "summary", line: /^ {0,12}(?:Test Files|Tests|Errors|Snapshots) {2}\S/ },
    { is: "failure", line: /^(?<message>No test files found, exiting with code 1)/ },
    { is: "failure", line: /^(?<message>ERROR: Coverage for .*)/ },
  ],
};
