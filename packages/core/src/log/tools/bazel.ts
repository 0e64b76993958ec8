import type { LogTool } from "../tool.ts";

/** Bazel. What its actions and tests printed is left to the tool that printed it. */
export const bazel: LogTool = {
  name: "bazel",
  kind: "build",
  hints: [
    "ERROR: ",
    "FAIL: //",
    "TIMEOUT: //",
    " FAILED in ",
    " TIMEOUT in ",
    " FAILED TO BUILD",
    "PASSED in ",
    "Test output for //",
    "fails locally",
    "fail locally",
    "Build did NOT",
    " out of ",
    "INFO: ",
  ],
  rules: [
    {
      is: "noise",
      line: /^(?:\([\d:]+\) )?INFO: (?!Build completed, \d+ tests? FAILED)|^\/\/\S+ +(?:\(cached\) )?PASSED in /,
    },
    {
      is: "failure",
      line: /^(?:\([\d:]+\) )?ERROR: (?<file>\/?[^\s:]+):(?<line>\d+):\d+: (?<message>[^:]+ failed: \([^()]*\))/,
    },
    {
      is: "failure",
      line: /^(?:\([\d:]+\) )?ERROR: (?<file>\/?[^\s:]+):(?<line>\d+):\d+: (?<message>.*)$/,
    },
    {
      is: "failure",
      kind: "dependency",
      line: /^(?:\([\d:]+\) )?ERROR: (?<message>(?:no such (?:package|target)|Error computing|An error occurred during the fetch).*)$/,
    },
    {
      is: "failure",
      line: /^(?:\([\d:]+\) )?ERROR: (?!Build did NOT)(?<message>(?:.*[\s'"(])?\/\/[\w.].*)$/,
    },
    { is: "failure", kind: "test", line: /^(?:\([\d:]+\) )?(?<message>FAIL): (?<test>\/\/\S+)/ },
    {
      is: "failure",
      kind: "timeout",
      line: /^(?:\([\d:]+\) )?(?<message>TIMEOUT): (?<test>\/\/\S+)/,
    },
    {
      is: "block",
      line: /^={3,} Test output for \/\/.*:$/,
      opens: { lines: 60, until: /^={20,}$/ },
    },
    { is: "failure", kind: "build", line: /^(?<test>\/\/\S+) +(?<message>FAILED TO BUILD)$/ },
    { is: "failure", kind: "timeout", line: /^(?<test>\/\/\S+) +(?<message>TIMEOUT) in / },
    { is: "failure", kind: "test", line: /^(?<test>\/\/\S+) +(?<message>FAILED) in / },
    { is: "summary", line: /^Executed \d+ out of \d+ tests?: / },
    { is: "summary", line: /Build (?:did NOT complete|completed, \d+ tests? FAILED)/ },
  ],
};
