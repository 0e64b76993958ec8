import type { LogTool } from "../tool.ts";

/** pip, and uv and poetry where they cannot install. */
export const pip: LogTool = {
  name: "pip",
  kind: "dependency",
  hints: [
    "ERROR: Could not",
    "ERROR: No matching",
    "ERROR: Cannot install",
    "ERROR: Failed building",
    "ERROR: Failed to build",
    "ERROR: Ignored the following",
    "ResolutionImpossible",
    "ERROR: Package ",
    "ERROR: Hash",
    "THESE PACKAGES DO NOT MATCH",
    "error: subprocess-exited-with-error",
    "did not run successfully",
    "No solution found when resolving",
    "SolverProblemError",
    "version solving failed",
  ],
  rules: [
    {
      is: "block",
      line: /^ *error: subprocess-exited-with-error/,
      opens: { lines: 60, until: /^(?:ERROR|note: )/ },
    },
    {
      is: "failure",
      line: /^ *× (?<message>.* did not run successfully\.?)/,
      opens: { lines: 60, until: /^ *note: This error originates/ },
    },
    { is: "detail", within: true, line: /^ *(?:│ *)?exit code: \d+/ },
    { is: "detail", within: true, line: /^\s*(?:[A-Za-z_][\w.]*Error|error): .*/ },
    { is: "echo", line: /^ERROR: (?:Failed to build|Failed building|Ignored the following)/ },
    {
      is: "failure",
      line: /^ERROR: (?<message>(?:Could not|No matching|Cannot install|Package|Hash|ResolutionImpossible|THESE PACKAGES).*)/,
      opens: { lines: 12, until: /^(?:ERROR|WARNING|##)/ },
    },
    {
      is: "failure",
      line: /^ *× (?<message>No solution found when resolving .*)/,
      opens: { lines: 12, until: /^$/ },
    },
    {
      is: "failure",
      line: /^ *(?<message>SolverProblemError|Because .* version solving failed\.?)/,
      opens: { lines: 8 },
    },
  ],
};
