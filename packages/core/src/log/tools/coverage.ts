import type { LogTool } from "../tool.ts";

/** Coverage that is below what the project asks for. What it is now changes with every attempt, so it is no part of the message. */
export const coverage: LogTool = {
  name: "coverage",
  kind: "test",
  hints: ["overage", "below the expected minimum", "below the specified", "Rule violated for "],
  rules: [
    {
      is: "failure",
      line: /^(?:FAIL|ERROR: )?\s*(?<message>Required test coverage of [\d.]+% not reached)/,
    },
    {
      is: "failure",
      line: /^(?<message>Coverage failure: total of [\d.]+ is less than fail-under)/,
    },
    {
      is: "failure",
      line: /^Jest: (?<message>"[^"]+" coverage threshold for \w+ \([\d.]+%?\) not met)/,
    },
    {
      is: "failure",
      line: /^ERROR: (?<message>Coverage for \w+) \([\d.]+%\) does not meet .*threshold \([\d.]+%\)(?: for (?<file>\S+))?$/,
    },
    {
      is: "failure",
      line: /^(?<message>(?:Line|Branch|Method) coverage)(?: by file)? \([\d.]+%\) is below the expected minimum coverage/,
    },
    {
      is: "failure",
      line: /(?<message>Rule violated for [^:]+: [\w ]+?) is [\d.]+, but expected minimum/,
    },
    {
      is: "failure",
      line: /(?<message>[Tt]he (?:total|minimum) \w+ coverage is below the specified \d+)/,
    },
    { is: "failure", line: /^(?:Error: )?(?<message>Coverage is below the failure threshold .*)$/ },
    { is: "echo", line: /^SimpleCov failed with exit / },
  ],
};
