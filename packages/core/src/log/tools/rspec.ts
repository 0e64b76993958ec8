import type { LogTool } from "../tool.ts";

const over = /^(?:Finished in |Failed examples:|Pending:|Top \d+ slowest)/;

/** RSpec: `Failures:` with numbered blocks, the counts, and a line to run each failure again. */
export const rspec: LogTool = {
  name: "rspec",
  kind: "test",
  hints: ["Failures:", "rspec ", " examples, ", " example, ", "An error occurred "],
  rules: [
    { is: "block", line: /^Failures:$/, opens: { lines: 3, until: over } },
    {
      is: "failure",
      within: true,
      line: /^ {2}\d+\) (?<test>\S.*)$/,
      opens: { lines: 60, until: over },
    },
    {
      is: "failure",
      line: /^rspec '?(?<file>[^\s:[']+\.rb)(?::(?<line>\d+)|\[[\d:]+\])?'? # (?<test>.*)$/,
    },
    {
      is: "failure",
      kind: "crash",
      line: /^(?<message>An error occurred (?:while loading (?<file>\S+?\.rb)|in an? .*))\.?$/,
      opens: { lines: 20, until: over },
    },
    { is: "detail", within: true, line: /^ {5}Failure\/Error:/ },
    {
      is: "detail",
      within: true,
      line: /^ {5,9}# (?!\/)(?<file>[^\s:]+\.rb):(?<line>\d+)(?::in\b|$)/,
    },
    { is: "noise", within: true, line: /^ {5,9}# \// },
    { is: "detail", within: true, appends: true, line: /^ {10,12}(?<message>got: .*)$/ },
    { is: "detail", within: true, line: /^ {7}(?<message>[^\s(].*)$/ },
    { is: "summary", line: /^\d+ examples?, \d+ failures?/ },
  ],
};
