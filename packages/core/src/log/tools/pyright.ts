import type { LogTool } from "../tool.ts";

/** pyright and basedpyright. */
export const pyright: LogTool = {
  name: "pyright",
  kind: "type",
  hints: [" - error: ", " errors, ", " error, "],
  rules: [
    {
      is: "failure",
      line: /^ +(?<file>[^\s:][^:]{0,300}):(?<line>\d+):\d+ - error: (?<message>.*)/,
      opens: { lines: 4, until: /^(?! {4,})/ },
    },
    { is: "summary", line: /^[1-9]\d* errors?, \d+ warnings?, / },
  ],
};
