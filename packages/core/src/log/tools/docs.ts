import type { LogTool } from "../tool.ts";

/** Sphinx. Its warnings count: documentation is mostly built with `-W`. */
export const sphinx: LogTool = {
  name: "sphinx",
  kind: "build",
  hints: [
    ": WARNING: ",
    ": ERROR: ",
    ": CRITICAL: ",
    ": SEVERE: ",
    "build finished with problems",
    "Warning, treated as error",
    "Extension error",
    "Sphinx error",
    "Configuration error:",
  ],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[^\s:]+\.\w+)(?::docstring of [^\s:]+)?:(?:(?<line>\d+):)? (?:WARNING|ERROR|CRITICAL|SEVERE): (?<message>.*)$/,
      opens: { lines: 2, until: /^\S.*: (?:WARNING|ERROR|CRITICAL|SEVERE): |^$|^\w+ing |^build / },
    },
    { is: "block", line: /^Warning, treated as error:$/, opens: { lines: 3 } },
    {
      is: "failure",
      within: true,
      line: /^(?<file>[^\s:]+\.\w+)(?::docstring of [^\s:]+)?:(?:(?<line>\d+):)?(?<message>\S.*)$/,
    },
    {
      is: "failure",
      line: /^(?<message>(?:(?:Extension|Configuration|Sphinx) error)\b.*)$/,
      opens: { lines: 4, until: /^$/ },
    },
    { is: "summary", line: /^build finished with problems/ },
  ],
};

/** MkDocs: with `--strict` every warning counts. */
export const mkdocs: LogTool = {
  name: "mkdocs",
  kind: "build",
  hints: ["WARNING ", "ERROR ", "in strict mode"],
  rules: [
    {
      is: "failure",
      line: /^(?:WARNING|ERROR) {1,4}- {2}(?:\[[\w:]+\] )?(?<message>(?:Doc file|Documentation file) '(?<file>[^']+)' .*)$/,
    },
    { is: "failure", line: /^(?:WARNING|ERROR) {1,4}- {2}(?<message>\S.*)$/ },
    { is: "summary", line: /^Aborted with \d+ .* in strict mode!?$/ },
  ],
};
