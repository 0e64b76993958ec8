import type { LogTool } from "../tool.ts";

/** Playwright Test. */
export const playwright: LogTool = {
  name: "playwright",
  kind: "test",
  hints: [" › ", " failed", " flaky", " did not run", " passed (", " interrupted"],
  rules: [
    {
      is: "failure",
      line: /^ {2}\d+\) (?:\[[^[\]]+\] › )?(?<file>[^\s:]+):(?<line>\d+):\d+ › (?<test>\S.*?)(?: ─+)?$/,
      opens: {
        lines: 40,
        until: /^ {2}\d+ (?:failed|flaky|passed|skipped|interrupted|did not run)/,
      },
    },
    { is: "detail", within: true, line: /^ {4}(?<message>(?:\w*Error|Test timeout|Timeout)\b.*)$/ },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^ {4}(?<message>(?:Expected|Received)\b.*)$/,
    },
    { is: "detail", within: true, line: /^ {4}Locator: / },
    { is: "detail", within: true, line: /^ {4}> *\d+ \| / },
    { is: "detail", within: true, line: /^ {8}at (?<file>[^\s:()]+):(?<line>\d+):\d+$/ },
    { is: "noise", within: true, line: /^ {4}(?:attachment #|─{10}|test-results\/)/ },
    { is: "echo", line: /^ {4}(?:\[[^[\]]+\] › )?[^\s:]+:\d+:\d+ › / },
    {
      is: "summary",
      line: /^ {2}\d+ (?:failed|flaky|interrupted|did not run)$|^ {2}\d+ passed \(/,
    },
  ],
};

/** Cypress: the tests themselves are told by mocha's reporter; this is the table of its specs. */
export const cypress: LogTool = {
  name: "cypress",
  kind: "test",
  hints: ["│ ✖", "  ✖ ", "│ ✔", "Can't run because", "Cypress failed to", "Cypress could not"],
  rules: [
    { is: "noise", line: /^ *│ ✔ / },
    { is: "summary", line: /^ *│ ✖ {1,2}\S+|^ +✖ {2}\d+ of \d+ failed/ },
    {
      is: "failure",
      kind: "command",
      line: /^(?<message>(?:Can't run because|Cypress (?:failed to|could not)) .*)$/,
      opens: { lines: 6 },
    },
  ],
};
