import type { LogTool } from "../tool.ts";

/** Biome: a heading with file and rule, then `✖` and what is wrong. Warnings have another mark. */
export const biome: LogTool = {
  name: "biome",
  kind: "lint",
  hints: ["━━━", "  ✖ ", "  × ", "Found ", "Checked "],
  rules: [
    {
      is: "place",
      line: /^(?<file>[^\s:]+\.\w+)(?::(?<line>\d+):\d+)? (?:format|organizeImports|assist)\S*(?: .*)?━━━/,
      opens: { lines: 12, until: /━━━/ },
    },
    {
      is: "failure",
      kind: "format",
      within: true,
      line: /^ {2}[✖×] (?<message>(?:File content differs|The imports|Formatter would|Import statements).*)$/,
    },
    {
      is: "place",
      line: /^(?<file>[^\s:]+\.\w+)(?::(?<line>\d+):\d+)? (?:lint|parse|suppressions|internalError)\S*(?: .*)?━━━/,
      opens: { lines: 12, until: /━━━/ },
    },
    { is: "failure", within: true, line: /^ {2}[✖×] (?<message>\S.*)$/ },
    { is: "end", line: /^\S+ ━━━/ },
    { is: "summary", line: /^Found \d+ errors?\.$|^Checked \d+ files? in / },
  ],
};

/** oxlint. */
export const oxlint: LogTool = {
  name: "oxlint",
  kind: "lint",
  hints: ["): ", "Found "],
  rules: [
    {
      is: "failure",
      line: /^ {2}[x×] (?<message>[\w@/-]+\([\w@/-]+\): .*)$/,
      opens: { lines: 7, until: /^ {2}[x×!⚠] |^Found |^$/ },
    },
    { is: "detail", within: true, line: /^ +[,╭][─-]\[(?<file>[^\s:[\]]+):(?<line>\d+):\d+\]$/ },
    { is: "detail", within: true, line: /^ *> \d+ [|│] / },
    { is: "summary", line: /^Found \d+ warnings? and \d+ errors?\.$/ },
  ],
};
