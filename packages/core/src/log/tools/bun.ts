import type { LogTool } from "../tool.ts";

const test = /^\(fail\) (?<test>\S.*?)(?: \[[\d.]+m?s\])?$/;

/** `bun test`: the error stands above the name of its test. */
export const bun: LogTool = {
  name: "bun",
  kind: "test",
  hints: ["(fail) ", "(pass) ", "error: ", "bun test v", " pass", " fail", "Ran "],
  rules: [
    { is: "noise", line: /^\(pass\) / },
    { is: "detail", within: true, line: test, opens: { lines: 0 } },
    { is: "failure", line: test },
    {
      is: "failure",
      line: /^error: (?<message>(?:expect\(|\S).*)$/,
      needsAbove: true,
      above: /^ +\^$/,
      opens: { lines: 20, until: /^\(pass\) |^ \d+ (?:pass|fail)|^\S+\.\w+:$/ },
    },
    { is: "detail", within: true, appends: true, line: /^(?<message>(?:Expected|Received)\b.*)$/ },
    {
      is: "detail",
      within: true,
      line: /^ +at [^/]{0,300}(?<file>\/[^\s:()]+):(?<line>\d+):\d+\)?$/,
    },
    { is: "summary", line: /^ \d+ fail$|^Ran \d+ tests? across / },
  ],
};
