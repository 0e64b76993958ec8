import type { LogTool } from "../tool.ts";

/** The Java compiler, alone or under Gradle and Ant. */
export const javac: LogTool = {
  name: "javac",
  kind: "build",
  hints: [".java:", "error: "],
  rules: [
    {
      is: "failure",
      line: /^(?:\[javac\] )?(?<file>\S+\.java):(?<line>\d+): error: (?<message>.*)$/,
      opens: { lines: 6, until: /^\S+\.java:\d+: |^\d+ errors?$|^Note: |^> Task / },
    },
    { is: "detail", within: true, line: /^ {2}(?:symbol|location|required|found|reason): / },
    {
      is: "failure",
      line: /^error: (?<message>(?:invalid (?:target|source) release|release version|warnings found and -Werror|package \S+ does not exist).*)$/,
    },
    { is: "summary", within: true, line: /^\d+ errors?$/ },
  ],
};
