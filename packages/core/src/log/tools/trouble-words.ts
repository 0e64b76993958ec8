import type { LogTool } from "../tool.ts";

/** The last resort: lines that sound like trouble, in whatever words. */
export const troubleWords: LogTool = {
  name: "log",
  kind: "command",
  isFallback: true,
  hints: [
    "FAIL",
    "Fail",
    "failed",
    "failure",
    "rror",
    "RROR",
    "anic",
    "imed out",
    "imeout",
    "enied",
    "xpected",
    " ✗ ",
    " ✕ ",
    " ✖ ",
    " × ",
  ],
  rules: [
    { is: "noise", line: /\b(?:0|no) (?:errors?|fail(?:ed|ures?|ing)?)\b|^(?:debug|info)\b/i },
    {
      is: "block",
      line: /\berror\b|\w(?:Error|Exception)\b|\bfail(?:ed|ures?|s|ing)?\b|\bpanic|\bexpected\b|\bdenied\b|\btimed out\b|[✗✕✖❌]/i,
      opens: { lines: 2 },
    },
  ],
};
