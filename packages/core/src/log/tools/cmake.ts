import type { LogTool } from "../tool.ts";

/** CMake's own errors, while it configures. */
export const cmake: LogTool = {
  name: "cmake",
  kind: "build",
  hints: ["CMake Error", "-- Configuring incomplete", "-- Detecting ", "-- Check for working "],
  rules: [
    { is: "noise", line: /^-- (?:Detecting|Check for working) / },
    {
      is: "failure",
      line: /^CMake Error (?:at|in) (?<file>[^\s:]+)(?::(?<line>\d+))?(?: \([\w:]+\))?:$/,
      opens: { lines: 16, until: /^-- |^CMake / },
    },
    {
      is: "failure",
      line: /^CMake Error: (?<message>.*)$/,
      opens: { lines: 2, until: /^-- |^CMake / },
    },
    { is: "detail", within: true, line: /^ {2}(?<message>\S.*)$/ },
    { is: "summary", line: /^-- Configuring incomplete/ },
  ],
};
