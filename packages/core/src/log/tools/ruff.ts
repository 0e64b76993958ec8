import type { LogTool } from "../tool.ts";

/** ruff check, one line each or with the code below, and ruff format --check. */
export const ruff: LogTool = {
  name: "ruff",
  kind: "lint",
  hints: [
    ".py:",
    ".pyi:",
    ".ipynb:",
    "Found ",
    "Would reformat: ",
    " would be reformatted",
    "fixable with the",
  ],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[^\s:][^:]{0,300}\.(?:pyi?|ipynb)):(?:cell \d+:)?(?<line>\d+):\d+: (?<message>(?:[A-Z]{1,4}\d{3,4}|invalid-syntax|SyntaxError):? (?:\[\*\] )?.*)/,
      opens: { lines: 8, until: /^$/ },
    },
    {
      is: "failure",
      needsAbove: true,
      above: /^(?<message>(?:[A-Z]{1,4}\d{3,4} |invalid-syntax: ).*)/,
      line: /^ *--> (?<file>[^\s:][^:]{0,300}):(?<line>\d+):\d+$/,
      opens: { lines: 12, until: /^$/ },
    },
    {
      is: "failure",
      kind: "format",
      needsAbove: true,
      above: /^unformatted: (?<message>.*)/,
      line: /^ *--> (?<file>[^\s:][^:]{0,300}):(?<line>\d+):\d+$/,
      opens: { lines: 12, until: /^$/ },
    },
    { is: "failure", kind: "format", line: /^Would reformat: (?<file>\S.*)$/ },
    { is: "summary", line: /^Found \d+ errors?(?: \(.*\))?\.$/ },
    {
      is: "summary",
      line: /^(?:\[\*\] )?(?:No fixes available|\d+ (?:hidden )?fix(?:es|able)?\b.*fix)/,
    },
    { is: "summary", line: /^\d+ files? would be reformatted/ },
  ],
};
