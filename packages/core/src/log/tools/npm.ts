import type { LogTool } from "../tool.ts";

const gaveUp =
  /^(?:npm (?:ERR!|error) (?:code ELIFECYCLE|Lifecycle script|errno \d|command (?:failed|sh|cmd)|.*: command failed|workspace |location |Exit status )|error Command failed with exit code|\s?\[?ELIFECYCLE\]? |\s?\[?ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL\]? |error: script "|Command failed with exit code \d)/;

/** npm, pnpm and yarn: packages that cannot be installed, and scripts that failed (for a reason of their own). */
export const npm: LogTool = {
  name: "npm",
  kind: "dependency",
  hints: [
    "npm ERR!",
    "npm error",
    "ERR_PNPM_",
    "ELIFECYCLE",
    "error Command failed",
    "error An unexpected error",
    "error Couldn't find",
    "YN0",
    "error Your lockfile",
    "info Visit https",
    "error: script",
    "Command failed with exit",
    "info There appears",
  ],
  rules: [
    { is: "summary", line: gaveUp },
    {
      is: "noise",
      line: /^npm (?:ERR!|error)(?:$| A complete log| {5}\/| path )|^info (?:Visit|There)/,
    },
    {
      is: "failure",
      line: /^npm (?:ERR!|error) (?:code )(?<message>(?!ELIFECYCLE\b|\d+$)\S+)$/,
      opens: { lines: 25, until: /^(?!npm )/ },
    },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^npm (?:ERR!|error) (?<message>(?:\d{3} |Could not resolve|While resolving|Found:|peer |Missing:|Invalid:|.*(?:can only install|not found|notarget|No matching)).*)/,
    },
    { is: "failure", kind: "command", line: /^npm (?:ERR!|error) (?<message>Missing script: .*)/ },
    {
      is: "failure",
      line: /^\s?\[?(?<message>ERR_PNPM_[A-Z_]+\]? .*)/,
      opens: { lines: 8, until: /^$/ },
    },
    {
      is: "failure",
      line: /^error (?<message>(?:An unexpected error|Couldn't find|Your lockfile|Found incompatible|Incorrect integrity).*)/,
    },
    {
      is: "failure",
      line: /^(?:##\[error\])?➤ (?<message>YN(?!0000)\d{4}: .*(?:[Ee]rror|not|can't|doesn't|couldn't|failed|would).*)/,
    },
  ],
};
