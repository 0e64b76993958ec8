import type { LogTool } from "../tool.ts";

export const black: LogTool = {
  name: "black",
  kind: "format",
  hints: ["would reformat ", "cannot format ", "would be reformatted", "Oh no! "],
  rules: [
    { is: "failure", line: /^(?<message>would reformat) (?<file>\S.*)$/ },
    { is: "failure", line: /^error: cannot format (?<file>[^:]+): (?<message>.*)$/ },
    { is: "summary", line: /^\d+ files? would be reformatted/ },
    { is: "noise", line: /^Oh no! / },
  ],
};

export const isort: LogTool = {
  name: "isort",
  kind: "format",
  hints: ["Imports are incorrectly sorted"],
  rules: [
    {
      is: "failure",
      line: /^ERROR: (?<file>\S.*) (?<message>Imports are incorrectly sorted.*)$/,
      opens: { lines: 15, until: /^[^-+@ ]/ },
    },
  ],
};
