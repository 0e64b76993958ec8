import type { LogTool } from "../tool.ts";

export const webpack: LogTool = {
  name: "webpack",
  kind: "build",
  hints: ["ERROR in ", "compiled with ", "[built]", "asset "],
  rules: [
    { is: "noise", line: /^asset \S| \[built\] \[code generated\]/ },
    {
      is: "failure",
      line: /^ERROR in (?<file>[^\s:(]+)(?:[: (](?<line>\d+)[\d:,)-]*)?$/,
      opens: { lines: 8, until: /^ERROR in |^webpack \S* ?compiled|^$/ },
    },
    {
      is: "failure",
      line: /^ERROR in (?<message>.*)$/,
      opens: { lines: 6, until: /^ERROR in |^webpack \S* ?compiled|^$/ },
    },
    { is: "detail", within: true, line: /^(?<message>\S.*?) \(\d+:\d+\)$/ },
    { is: "detail", within: true, line: /^(?<message>\S.*)$/ },
    { is: "summary", line: /^webpack \S* ?compiled with \d+ errors?|^webpack compiled with / },
  ],
};

/** Vite, Rollup and Rolldown. */
export const vite: LogTool = {
  name: "vite",
  kind: "build",
  hints: ["error during build:", "[!] ", "Build failed in "],
  rules: [
    { is: "block", line: /^error during build:$/, opens: { lines: 6 } },
    {
      is: "failure",
      line: /^\[!\] (?:\([^()]*\) )?(?<message>\S.*)$/,
      opens: { lines: 8, until: /^ +at / },
    },
    {
      is: "failure",
      within: true,
      line: /^(?<message>(?:\[[\w:-]+\]|\w*Error:|Could not resolve|Transform failed|\S.*? is not exported by).*)$/,
      opens: { lines: 12, until: /^ {4}at / },
    },
    { is: "detail", within: true, line: /^ +[╭,][─-]+\[ (?<file>[^\s:]+):(?<line>\d+):\d+ \]$/ },
    { is: "detail", within: true, line: /^(?<file>[^\s:()]+\.\w+) \((?<line>\d+):\d+\)/ },
    { is: "detail", within: true, line: /^file: (?<file>[^\s:()]+\.\w+):(?<line>\d+):\d+/ },
    { is: "summary", line: /^✗ Build failed in / },
  ],
};

export const esbuild: LogTool = {
  name: "esbuild",
  kind: "build",
  hints: ["[ERROR] ", " error: ", " errors", " error"],
  rules: [
    {
      is: "failure",
      line: /^[✘X] \[ERROR\] (?<message>.*)$/,
      opens: { lines: 5, until: /^[✘X▲] \[|^\d+ (?:error|warning)/ },
    },
    { is: "detail", within: true, line: /^ {4}(?<file>[^\s:]+):(?<line>\d+):\d+:$/ },
    { is: "summary", within: true, line: /^(?:\d+ warnings? and )?\d+ errors?$/ },
  ],
};

/** `next build`. */
export const next: LogTool = {
  name: "next",
  kind: "build",
  hints: [
    "Failed to compile.",
    "Error occurred prerendering page",
    "Build failed because of",
    "Type error: ",
    "Module not found: ",
  ],
  rules: [
    { is: "block", line: /^Failed to compile\.$/, opens: { lines: 4, until: /^> Build failed/ } },
    {
      is: "failure",
      kind: "type",
      line: /^Type error: (?<message>.*)$/,
      above: /^(?<file>\.\/[^\s:]+):(?<line>\d+):\d+$/,
      needsAbove: true,
      opens: { lines: 8, until: /^\.\/|^https:/ },
    },
    {
      is: "failure",
      line: /^(?<message>(?:Module not found|Error|SyntaxError): .*)$/,
      above: /^(?<file>\.\/[^\s:]+)(?::(?<line>\d+):\d+)?$/,
      needsAbove: true,
      opens: { lines: 6, until: /^\.\/|^https:/ },
    },
    {
      is: "failure",
      line: /^(?<message>Error occurred prerendering page "[^"]*")/,
      opens: { lines: 4 },
    },
    { is: "summary", line: /^> Build failed because of / },
  ],
};
