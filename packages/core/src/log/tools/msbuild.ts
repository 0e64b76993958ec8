import type { LogTool } from "../tool.ts";

/** MSBuild and what it drives: C#, F#, NuGet, Visual C++. TypeScript's errors in the same shape belong to tsc. */
export const msbuild: LogTool = {
  name: "msbuild",
  kind: "build",
  hints: [
    ": error ",
    ": fatal error ",
    ": warning CS",
    "Build FAILED",
    " Error(s)",
    "Build failed with ",
  ],
  rules: [
    { is: "noise", line: /: warning [A-Z]{2,}\d+: / },
    {
      is: "failure",
      kind: "dependency",
      line: /^\s*(?<file>\S+) : error (?<message>NU\d+: .*?)(?: \[[^[\]]*\])?$/,
    },
    {
      is: "failure",
      line: /^\s*(?<file>[^\s(][^(]*)\((?<line>\d+)(?:,\d+){0,3}\) ?: (?:fatal )?error (?<message>(?!TS\d)[A-Z]+\d+: .*?)(?: \[[^[\]]*\])?$/,
    },
    {
      is: "failure",
      line: /^\s*(?<file>[^\s:]+) ?: (?:fatal )?error (?<message>(?!TS\d)[A-Z]{2,}\d+: .*?)(?: \[[^[\]]*\])?$/,
    },
    { is: "summary", line: /^Build FAILED\.$|^ +\d+ Error\(s\)$|^Build failed with \d+ error/ },
  ],
};
