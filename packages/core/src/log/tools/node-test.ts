import type { LogTool } from "../tool.ts";

/** node:test in its spec form, and whatever prints TAP (node:test, tap, ava, bats, prove). */
export const nodeTest: LogTool = {
  name: "node:test",
  kind: "test",
  hints: ["not ok ", "test at ", "failing tests:", "# fail ", "# tests ", "ℹ fail", "ℹ tests"],
  rules: [
    {
      is: "failure",
      line: /^ {0,40}not ok \d+ ?-? ?(?<test>(?!.{0,300}# (?:TODO|SKIP|skip|todo))\S.*?)(?: # time=\S+| in \d+m?s)?$/,
      opens: { lines: 60, until: /^ {0,40}(?:\.\.\.$|ok \d|# (?:Subtest|tests) )/ },
    },
    { is: "block", line: /^✖ failing tests:$/, opens: { lines: 400 } },
    { is: "place", line: /^test at (?<file>.+):(?<line>\d+):\d+$/, opens: { lines: 4 } },
    {
      is: "failure",
      within: true,
      line: /^ {0,20}✖ (?<test>.+?) \([\d.]+m?s\)$/,
      opens: { lines: 100, until: /^test at / },
    },
    { is: "detail", within: true, line: /^\s+location: ['"](?<file>.+):(?<line>\d+):\d+['"]$/ },
    { is: "noise", within: true, retracts: true, line: /^\s+error: '\d+ subtests? failed'$/ },
    { is: "detail", within: true, line: /^\s+(?:error|message): ['"](?<message>.*)['"]$/ },
    { is: "detail", within: true, line: /^\s+(?:error|message): \|-?$/ },
    {
      is: "detail",
      within: true,
      line: /^\s*(?<message>(?:[A-Z]\w*)?Error\b.*|Expected .*|The .* (?:evaluated|must) .*)/,
    },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^\s*(?<message>(?:expected|actual|found|wanted): .*[^,]|\S.{0,200} !==? .{1,200})$/,
    },
    { is: "detail", within: true, line: /^# in test file (?<file>[^\s,]+), line (?<line>\d+)/ },
    {
      is: "detail",
      within: true,
      line: /^# +\(in test file (?<file>[^\s,]+), line (?<line>\d+)\)/,
    },
    { is: "summary", line: /^(?:ℹ|#) (?:tests|pass|fail|cancelled) \d+$/ },
  ],
};
