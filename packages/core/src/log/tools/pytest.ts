import type { LogTool } from "../tool.ts";

/** pytest, with its plugins: sections `= FAILURES =` with one `_ test _` each, then `FAILED file::test - message` lines and a last line of counts. */
export const pytest: LogTool = {
  name: "pytest",
  kind: "test",
  hints: [
    "FAILED ",
    "ERROR ",
    "____ ",
    "== ",
    "E   ",
    "INTERNALERROR> ",
    "Timeout >",
    "SKIPPED ",
    "XFAIL ",
    "XPASS ",
    "RERUN ",
  ],
  rules: [
    { is: "noise", line: /^(?:SKIPPED|XFAIL|XPASS|RERUN) \S/ },
    { is: "summary", line: /^=+ (?=.*\b\d+ (?:failed|passed|errors?|skipped|deselected)\b).* =+$/ },
    {
      is: "summary",
      line: /^(?:\d+ (?:failed|passed|errors?|skipped|deselected|xfailed|xpassed|warnings?)(?:, | in )){1,8}[\d.]+s\b/,
    },
    {
      is: "end",
      line: /^=+ (?:warnings summary|slowest|tests coverage|PASSES|.*\bslowest\b).* =+$/,
    },
    { is: "place", line: /^=+ (?:FAILURES|ERRORS) =+$/ },
    { is: "end", line: /^=+ short test summary info =+$/ },
    {
      is: "failure",
      line: /^_{3,} ERROR (?:at (?:setup|teardown) of |collecting )?(?<test>\S.*\S) _{3,}$/,
      opens: { lines: 400, until: /^={10,}/ },
    },
    {
      is: "failure",
      line: /^_{3,} (?<test>[^\s_].*\S|_\S.*\S) _{3,}$/,
      opens: { lines: 400, until: /^={10,}/ },
    },
    {
      is: "failure",
      line: /^(?:FAILED|ERROR) (?<test>(?<file>[^\s:][^:]*?\.(?:py|pyx|rst|md|txt|ya?ml))(?:::.*?)?)(?: - (?<message>.*))?$/,
    },
    {
      is: "detail",
      within: true,
      line: /^(?<file>\S[^:]*\.\w+):(?<line>\d+): (?:\w+(?:Error|Exception|Failure|Exit|Warning)|Failed|Exception)\b/,
    },
    { is: "detail", within: true, line: /^E {3,}(?<message>\S.*)/ },
    // What the test printed or logged.
    { is: "detail", within: true, line: /^(?:ERROR|CRITICAL|FATAL|error|fatal)\b/ },
    { is: "detail", within: true, line: /^> / },
    {
      is: "failure",
      kind: "crash",
      line: /^INTERNALERROR> (?<message>\w[\w.]*(?:Error|Exception|Exit)\b.*)/,
    },
  ],
};
