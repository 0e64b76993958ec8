import type { LogTool } from "../tool.ts";

/** `deno test`, `deno check` and `deno lint`. */
export const deno: LogTool = {
  name: "deno",
  kind: "test",
  hints: [
    " ERRORS",
    " FAILURES",
    " ... FAILED",
    "FAILED | ",
    "[ERROR]: ",
    "error[",
    "error: Test failed",
    "Download https://",
    "Check file://",
    " ... ok (",
  ],
  rules: [
    { is: "noise", line: /^(?:Download https:|Check file:)| \.\.\. ok \(/ },
    {
      is: "block",
      line: /^ ERRORS$/,
      opens: { lines: 2, until: /^ FAILURES$|^(?:FAILED|ok) \| / },
    },
    {
      is: "failure",
      within: true,
      line: /^(?<test>\S.*) => (?<file>\S+?):(?<line>\d+):\d+$/,
      opens: { lines: 30, until: /^ FAILURES$|^(?:FAILED|ok) \| / },
    },
    { is: "detail", within: true, line: /^error: (?:\w+Error: |Error: )?(?<message>.*)$/ },
    { is: "detail", within: true, appends: true, line: /^(?<message>[-+] {3}\S.*)$/ },
    {
      is: "detail",
      within: true,
      line: /^ {4}at (?:.* \()?file:\/\/(?<file>[^\s:()]+):(?<line>\d+):\d+\)?$/,
    },
    {
      is: "failure",
      kind: "type",
      line: /^(?<message>TS\d+ \[ERROR\]: .*)$/,
      opens: { lines: 6, until: /^(?:TS\d+ \[ERROR\]|Found \d+ error|error\[)|^$/ },
    },
    {
      is: "failure",
      kind: "lint",
      line: /^(?<message>error\[[a-z][a-z-]+\]: .*)$/,
      opens: { lines: 8, until: /^error|^$|^Found / },
    },
    { is: "detail", within: true, line: /^ *-->? (?<file>[^\s:]+):(?<line>\d+):\d+$/ },
    { is: "echo", line: /^\s*\S.* \.\.\. FAILED \(|^ FAILURES$|^error: Test failed$/ },
    { is: "summary", line: /^FAILED \| \d+ passed/ },
  ],
};
