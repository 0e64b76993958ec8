import type { LogTool } from "../tool.ts";

/** jest: a `●` block per failure under a `FAIL file` line; many projects repeat them at the end. */
export const jest: LogTool = {
  name: "jest",
  kind: "test",
  hints: [
    "FAIL ",
    "PASS ",
    "  ● ",
    "Tests: ",
    "Test Suites: ",
    "Snapshots: ",
    "Jest: ",
    "Summary of all failing",
  ],
  rules: [
    {
      is: "place",
      line: /^\s{0,4}FAIL\s{1,4}(?:[\w @/-]{1,40} )?(?<file>[^\s>]+\.[cm]?[jt]sx?)(?: \([\d.]+ m?s\))?$/,
    },
    { is: "end", line: /^\s{0,4}PASS\s{1,4}\S|^Summary of all failing tests$/ },
    { is: "block", line: /^ {2}● Console$/ },
    {
      is: "failure",
      kind: "build",
      line: /^ {2}● (?<test>Test suite failed to run)$/,
      opens: { lines: 120, until: /^(?:PASS|FAIL) / },
    },
    {
      is: "failure",
      line: /^ {2}● (?<test>\S.*)$/,
      opens: { lines: 150, until: /^(?:PASS|FAIL) / },
    },
    {
      is: "detail",
      within: true,
      line: /^\s+at (?:.{1,200} \()?(?!.{0,200}node_modules)(?<file>[^\s()]+):(?<line>\d+):\d+\)?$/,
    },
    {
      is: "detail",
      within: true,
      line: /^ {4}(?<message>expect\(.*|\w*(?:Error|Exception): .*|[Tt]hrown: .*|Cannot find module .*|Exceeded timeout .*)/,
    },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^ {4}(?<message>(?:Expected|Received)(?: [\w ]{1,40})?: .*)/,
    },
    { is: "detail", within: true, line: /^ {4}> *\d+ \|/ },
    { is: "detail", within: true, line: /^ {4}[-+] \S/ },
    { is: "summary", line: /^(?:Tests|Test Suites|Snapshots): {1,9}.*\b(?:failed|obsolete)\b/ },
    { is: "end", line: /^(?:Tests|Test Suites|Snapshots): {1,9}\d/ },
    { is: "summary", line: /^Jest: (?=.*\bthreshold\b)/ },
  ],
};
