import type { LogTool } from "../tool.ts";

/** docker build and buildx (BuildKit), and the old builder. */
export const docker: LogTool = {
  name: "docker",
  kind: "build",
  hints: ["ERROR: ", "failed to solve", "returned a non-zero code", "Error response from daemon"],
  rules: [
    {
      is: "failure",
      line: /^#\d+ ERROR: (?<message>.*)/,
      opens: { lines: 120, until: /^(?:ERROR: .*failed to solve|##\[|Error: )/ },
    },
    // Steps that were built at the same time.
    { is: "noise", within: true, line: /^#\d+ (?!ERROR)/ },
    { is: "noise", within: true, line: /^-{6,}$/ },
    { is: "detail", within: true, line: /^ > \[.*:$/ },
    {
      is: "detail",
      within: true,
      line: /^(?<file>[\w./-]*(?:Dockerfile|Containerfile|\.dockerfile)[\w.-]*):(?<line>\d+)$/,
    },
    { is: "detail", within: true, line: /^ *\d+ \| *>>> / },
    {
      is: "summary",
      line: /\bfailed to solve: .*(?:did not complete successfully|executor failed|failed to compute cache key|failed to calculate checksum)/,
    },
    {
      is: "failure",
      line: /^(?:ERROR: |Error: |error: )?.{0,80}\bfailed to solve: (?<message>.*)/,
    },
    { is: "failure", line: /^(?<message>The command '.*' returned a non-zero code: \d+)/ },
    {
      is: "failure",
      kind: "command",
      line: /^(?:docker: )?(?<message>Error response from daemon: .*)/,
    },
  ],
};
