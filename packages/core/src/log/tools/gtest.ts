import type { LogTool } from "../tool.ts";

/** GoogleTest: `[ RUN ]` names the test, what failed in it follows, `[ FAILED ]` ends it and says it again at the end. */
export const gtest: LogTool = {
  name: "gtest",
  kind: "test",
  hints: [
    "[ RUN      ]",
    "[       OK ]",
    "[  FAILED  ]",
    "[==========]",
    "[----------]",
    ": Failure",
    " FAILED TEST",
    "): error: ",
  ],
  rules: [
    { is: "place", line: /^\[ RUN {6}\] (?<test>\S+)$/ },
    { is: "end", line: /^\[ {7}OK \] / },
    { is: "noise", line: /^\[[-=]{10}\] / },
    {
      is: "failure",
      line: /^(?:unknown file|(?<file>[^\s:()]+)(?::|\()(?<line>\d+)\)?): (?:Failure|error: .*)$/,
      opens: { lines: 12, until: /^\[ |: Failure$/ },
    },
    { is: "detail", within: true, line: /^Expected equality of these values:$/ },
    {
      is: "detail",
      within: true,
      line: /^(?<message>(?:Expected|Value of|Death test|Failed|C\+\+ exception|SEH exception|The difference between)\b.*)$/,
    },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^ {2,6}(?<message>(?:Actual|Which is|Expected): .*)$/,
    },
    { is: "detail", within: true, appends: true, line: /^ {2}(?<message>\S.*)$/ },
    { is: "failure", line: /^\[ {2}FAILED {2}\] (?<test>[^\s,.]+\.[^\s,]+)/, opens: { lines: 0 } },
    { is: "summary", line: /^\[ {2}FAILED {2}\] \d+ tests?, listed below:$|^ *\d+ FAILED TESTS?$/ },
  ],
};
