import type { LogTool } from "../tool.ts";

/** Make and Ninja: which target could not be made. What failed in it is told by the tool that it ran. */
export const make: LogTool = {
  name: "make",
  kind: "build",
  hints: ["*** ", "FAILED: ", "ninja: "],
  rules: [
    {
      is: "failure",
      line: /^g?make(?:\[\d+\])?: \*\*\* (?<message>No rule to make target .*?)\.? {1,2}Stop\.$/,
    },
    { is: "echo", line: /^g?make\[\d+\]: \*\*\* / },
    { is: "summary", line: /^(?:g|mingw32-)?make: \*\*\* \[/ },
    {
      is: "failure",
      line: /^(?<file>[\w./-]+):(?<line>\d+): \*\*\* (?<message>.*?)\.? {1,2}Stop\.$/,
    },
    { is: "echo", line: /^FAILED: (?!\S+::)\S/ },
    { is: "failure", line: /^ninja: (?:error|fatal): (?<message>.*)$/ },
    { is: "summary", line: /^ninja: build stopped: / },
  ],
};
