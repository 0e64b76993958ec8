import type { LogTool } from "../tool.ts";

/** What a workflow itself marks as an error, where no other tool knows it. */
export const annotation: LogTool = {
  name: "annotation",
  kind: "command",
  isFallback: true,
  hints: ["##[error]"],
  rules: [{ is: "failure", line: /^(?<message>(?!Process completed with exit code)\S.*)/ }],
};
