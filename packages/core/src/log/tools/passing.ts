import type { LogTool } from "../tool.ts";

/** Reports of what went well, and progress, of all kinds of tools: never worth a place. */
export const passing: LogTool = {
  name: "passing",
  kind: "test",
  hints: [
    " ✓ ",
    " ✔ ",
    " √ ",
    " ... ok",
    "PASSED",
    "PASS ",
    "ok 1",
    "ok 2",
    "ok 3",
    "ok 4",
    "ok 5",
    "ok 6",
    "ok 7",
    "ok 8",
    "ok 9",
    "0%]",
    "  OK ]",
    " DONE ",
    "CACHED",
  ],
  rules: [
    { is: "noise", line: /^\s{0,20}(?:✓|✔|√|✅) \S/ },
    {
      is: "noise",
      line: /^\s{0,20}(?:ok \d|--- PASS|PASS \[|PASS\s{1,4}\S|\[ {6,7}OK \]|\[ +PASSED +\])/,
    },
    { is: "noise", line: /^test \S.* \.\.\. (?:ok|ignored)$/ },
    { is: "noise", line: / \.\.\. ok$/ },
    {
      is: "noise",
      line: /^\S.{0,300} PASSED(?: +\[ *\d+%\])?$|^(?:\[gw\d+\] )?(?:\[ *\d+%\] )?PASSED /,
    },
    { is: "noise", line: /^\S{1,300} [.sxX]{1,200} *\[ *\d+%\]$|^[.sxX]{1,200} *\[ *\d+%\]$/ },
    { is: "noise", line: /^#\d+ (?:DONE|CACHED)\b/ },
  ],
};
