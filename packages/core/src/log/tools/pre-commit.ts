import type { LogTool } from "../tool.ts";

/** pre-commit: one row for each hook. What a hook printed is left to the tool that printed it. */
export const preCommit: LogTool = {
  name: "pre-commit",
  kind: "lint",
  hints: [
    "..Failed",
    "..Passed",
    "..Skipped",
    "- hook id: ",
    "[INFO] In",
    "[INFO] Once",
    "pre-commit hook(s)",
    "All changes made by hooks",
  ],
  rules: [
    {
      is: "noise",
      line: /\.\.(?:Passed|\(no files to check\)Skipped|Skipped)$|^\[INFO\] (?:Initializing|Installing|Once) /,
    },
    { is: "failure", line: /^(?<message>[^\s.].{0,100}?)\.{2,100}Failed$/ },
    {
      is: "block",
      line: /^- hook id: /,
      opens: { lines: 25, until: /\.\.(?:Passed|Failed|Skipped)$|^pre-commit hook/ },
    },
    { is: "summary", line: /^pre-commit hook\(s\) made changes\./ },
    { is: "block", line: /^All changes made by hooks:$/, opens: { lines: 12 } },
  ],
};
