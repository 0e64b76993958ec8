import type { LogTool } from "../tool.ts";

/** `dotnet test` and vstest, with xUnit, NUnit or MSTest, and xUnit's own runner. */
export const dotnet: LogTool = {
  name: "dotnet",
  kind: "test",
  hints: [
    "  Failed ",
    "  Passed ",
    "  X ",
    "failed ",
    "[FAIL]",
    "Test Run ",
    "Total tests:",
    "Failed: ",
    "Failed:",
  ],
  rules: [
    { is: "noise", line: /^ {2}Passed \S.* \[[^[\]]*\]$/ },
    {
      is: "failure",
      line: /^ {2}(?:Failed|X) (?<test>\S.*) \[[<\d][^[\]]*\]$/,
      opens: {
        lines: 40,
        until:
          /^ {2}(?:Passed|Failed|Skipped|X|V|!) \S|^Test Run |^Total tests:|^(?:Passed|Failed)! |^\[xUnit/,
      },
    },
    {
      is: "failure",
      line: /^failed (?!to )(?<test>\S.*) \(\d[\dhms ]*\)$/,
      opens: { lines: 30, until: /^(?:passed|failed|skipped) \S|^Test run summary/ },
    },
    {
      is: "failure",
      line: /^\[xUnit\.net [\d:.]+\] {2,}(?<test>\S.*) \[FAIL\]$/,
      opens: { lines: 12, until: /^(?!\[xUnit)|\[(?:FAIL|PASS|SKIP)\]$/ },
    },
    {
      is: "failure",
      line: /^ {4}(?<test>[A-Za-z_]\S.*) \[FAIL\]$/,
      opens: { lines: 20, until: /\[(?:FAIL|SKIP)\]$|^ {2}Finished: / },
    },
    {
      is: "detail",
      within: true,
      line: /^\s*(?:Error Message|Stack Trace|Standard Output Messages):$|^\[xUnit\.net [\d:.]+\]\s+Stack Trace:$/,
    },
    {
      is: "detail",
      within: true,
      line: /^(?:\s+at (?!System\.|Xunit\.|NUnit\.|Microsoft\.).* in |\[xUnit\.net [\d:.]+\] {8}| {8})(?<file>[^\s(]+\.\w+)(?::line |\()(?<line>\d+)/,
    },
    {
      is: "detail",
      within: true,
      line: /^\[xUnit\.net [\d:.]+\]\s+(?:Expected|Actual|But was|Not found|In value)\b/,
    },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^\s*(?<message>(?:Expected|Actual|But was|Not found|In value)\b.*)$/,
    },
    { is: "detail", within: true, line: /^\s*[↓↑]/ },
    { is: "detail", within: true, line: /^\[xUnit\.net [\d:.]+\] {6,7}(?<message>\S.*)$/ },
    { is: "detail", within: true, line: /^ {3}(?!at )(?<message>\S.*)$/ },
    { is: "detail", within: true, line: /^ {4,6}(?!at )(?<message>\S.*)$/ },
    { is: "summary", line: /^(?:Failed|Passed)! {1,3}- Failed: / },
    {
      is: "summary",
      line: /^Test Run (?:Failed|Aborted)\.$|^Total tests: \d+|^\s+(?:total|Total): \d+/,
    },
    {
      is: "summary",
      line: /^ {4,5}Failed: \d+$|^ {2}failed: \d+$|^ {3}\S+ {2}Total: \d+, Errors: \d+, Failed: /,
    },
  ],
};
