import type { LogTool } from "../tool.ts";

/** The Rust compiler, and cargo around it. */
export const rustc: LogTool = {
  name: "rustc",
  kind: "build",
  hints: [
    "error[E",
    ".rs:",
    "error: could not compile",
    "error: aborting due",
    "warning: unused",
    "error: failed to ",
  ],
  rules: [
    { is: "failure", line: /^(?<message>error\[E\d+\]: .*)/, opens: { lines: 40, until: /^$/ } },
    { is: "detail", within: true, line: /^ *--> (?<file>[^\s:]+):(?<line>\d+):\d+$/ },
    {
      is: "failure",
      needsAbove: true,
      above: /^(?<message>error: .*)/,
      line: /^ *--> (?<file>[^\s:]+\.rs):(?<line>\d+):\d+$/,
      opens: { lines: 30, until: /^$/ },
    },
    { is: "detail", within: true, line: /^ {0,20}(?:\| {0,200}){1,2}[\^-]{1,200} \S/ },
    { is: "summary", line: /^error: (?:could not compile|aborting due)/ },
    {
      is: "failure",
      kind: "dependency",
      line: /^(?<message>error: failed to (?:select a version|get `|load source|parse manifest|run custom build|download|fetch).*)/,
      opens: { lines: 15, until: /^$/ },
    },
  ],
};
