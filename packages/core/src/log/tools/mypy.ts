import type { LogTool } from "../tool.ts";

/** mypy and its stubtest. */
export const mypy: LogTool = {
  name: "mypy",
  kind: "type",
  hints: [": error: ", "error: ", "Found "],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[^\s:][^:]{0,300}\.pyi?):(?<line>\d+)(?::\d+)?: error: (?<message>.*)/,
    },
    { is: "failure", line: /^(?<file>[^\s:][^:]{0,300}\.pyi?): error: (?<message>.*)/ },
    {
      is: "failure",
      line: /^error: (?<test>[\w.]+) (?<message>(?:is not present|is inconsistent|failed to|is (?:private|positional|not)|variable|.* differs) .*)/,
      opens: { lines: 12, until: /^$/ },
    },
    { is: "summary", line: /^Found \d+ errors? (?:in \d+ files?|\(checked \d+)/ },
  ],
};
