import type { LogTool } from "../tool.ts";

/** Python's unittest, and Django's test runner on top of it. */
export const unittest: LogTool = {
  name: "unittest",
  kind: "test",
  hints: ["FAIL: ", "ERROR: ", "FAILED (", "Ran "],
  rules: [
    {
      is: "failure",
      line: /^(?:FAIL|ERROR): (?<test>\w+ \([\w.]+\)(?: [[(].{1,200})?)$/,
      opens: { lines: 200, until: /^(?:={70}$|Ran \d)/ },
    },
    { is: "noise", within: true, line: /^-{70}$/ },
    { is: "detail", within: true, line: /^ {2}File "(?<file>[^"]+)", line (?<line>\d+), in \w/ },
    {
      is: "detail",
      within: true,
      line: /^(?<message>[A-Za-z_][\w.]*(?:Error|Exception|Failure|Warning|Exit|Interrupt)\b.*)/,
    },
    {
      is: "summary",
      line: /^FAILED \((?:failures|errors|unexpected successes|skipped|expected failures)=/,
    },
    { is: "summary", line: /^Ran \d+ tests? in / },
  ],
};
