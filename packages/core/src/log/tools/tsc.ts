import type { LogTool } from "../tool.ts";

/** The TypeScript compiler, plain and pretty, and vue-tsc, tsup and others that print as it does. */
export const tsc: LogTool = {
  name: "tsc",
  kind: "type",
  hints: ["error TS", "Found "],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[^\s(][^(]{0,300}?)\((?<line>\d+),\d+\): (?<message>error TS\d+: .*)/,
      opens: { lines: 8, until: /^\S/ },
    },
    {
      is: "failure",
      line: /^(?<file>[^\s:][^:]{0,300}):(?<line>\d+):\d+ - (?<message>error TS\d+: .*)/,
      opens: { lines: 12, until: /^\S/ },
    },
    { is: "failure", line: /^(?<message>error TS\d+: .*)/ },
    { is: "summary", line: /^Found \d+ errors?(?: in |\.)/ },
  ],
};
