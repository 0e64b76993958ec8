import type { LogTool } from "../tool.ts";

/** CTest. What a failed test printed is left to the tool that printed it. */
export const ctest: LogTool = {
  name: "ctest",
  kind: "test",
  hints: [
    " Test ",
    "tests passed, ",
    "tests FAILED:",
    "Errors while running CTest",
    " find executable",
  ],
  rules: [
    { is: "noise", line: /^\s*\d+\/\d+ Test +#\d+: \S+ \.* +Passed / },
    {
      is: "failure",
      kind: "timeout",
      line: /^\s*\d+\/\d+ Test +#\d+: (?<test>\S+) \.*\*{3}(?<message>Timeout)/,
    },
    {
      is: "failure",
      kind: "crash",
      line: /^\s*\d+\/\d+ Test +#\d+: (?<test>\S+) \.*\*{3}(?<message>Exception: \w+)/,
    },
    {
      is: "failure",
      line: /^\s*\d+\/\d+ Test +#\d+: (?<test>\S+) \.*\*{3}(?<message>\w+(?: Run)?)/,
    },
    { is: "summary", line: /^\d+% tests passed, \d+ tests failed out of \d+/ },
    { is: "block", line: /^The following tests FAILED:$/, opens: { lines: 40, until: /^\S/ } },
    {
      is: "failure",
      within: true,
      line: /^\s*\d+ - (?<test>\S+) \((?<message>[^()]+)\)/,
    },
    { is: "echo", line: /^Errors while running CTest/ },
    { is: "block", line: /^(?:Could not|Unable to) find executable\b/ },
  ],
};
