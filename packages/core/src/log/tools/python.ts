import type { LogTool } from "../tool.ts";

/** An uncaught exception of a Python program that is no test. */
export const python: LogTool = {
  name: "python",
  kind: "crash",
  isFallback: true,
  hints: ["Traceback (most recent call last)", "SyntaxError: ", "ModuleNotFoundError: "],
  rules: [
    { is: "failure", line: /^\s{0,20}Traceback \(most recent call last\):?/, opens: { lines: 80 } },
    { is: "detail", within: true, line: /^\s*File "(?<file>[^"]+)", line (?<line>\d+)/ },
    {
      is: "detail",
      within: true,
      line: /^(?<message>[A-Za-z_][\w.]*(?:Error|Exception|Failure|Exit|Interrupt)\b.*)/,
    },
  ],
};
