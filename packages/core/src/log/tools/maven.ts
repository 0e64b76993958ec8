import type { LogTool } from "../tool.ts";
import { jvmException, jvmFrame } from "./jvm-frame.ts";

const level = /^\[(?:INFO|ERROR|WARNING)\]/;

/** Maven, with Surefire and Failsafe. GitHub shows `[ERROR]` as `##[error]`, of which nothing is left in a line. */
export const maven: LogTool = {
  name: "maven",
  kind: "build",
  hints: [
    "[ERROR]",
    "<<< ",
    "Tests run:",
    "BUILD FAILURE",
    "[INFO] Download",
    "[INFO] ---",
    "Failed to execute goal",
    "FAILURE [",
    ".java:[",
    ".kt:[",
    "##[error]  ",
  ],
  rules: [
    {
      is: "noise",
      line: /^\[INFO\] (?:Download(?:ing|ed) |-{3})|\[Help 1\]|^\[ERROR\] (?:To see the full|Re-run Maven|For more information)/,
    },
    {
      is: "failure",
      kind: "test",
      line: /^(?:\[ERROR\] {1,2})?(?!Tests run:)(?<test>\S.*?) {1,2}(?:-- )?Time elapsed: [\d.,]+ s(?:ec)? {1,2}<<< (?:FAILURE|ERROR)!$/,
      opens: { lines: 40, until: level },
    },
    { is: "detail", within: true, line: jvmFrame },
    { is: "detail", within: true, line: jvmException },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^\s*(?<message>(?:Expect(?:ing|ed)|expected|Actual|actual|but was|to be)\b.*)$/,
    },
    {
      is: "failure",
      kind: "test",
      line: /^(?:\[ERROR\])? {2,4}(?:Run \d+: )?(?<test>[A-Z][\w$]*(?:\.[\w$]+)?(?:\([^()]*\))?(?:\[[^[\]]*\])?):(?<line>\d+)(?:->\S*)? (?<message>.*)$/,
      opens: { lines: 4, until: level },
    },
    {
      is: "summary",
      line: /^(?:\[(?:ERROR|WARNING)\] )?Tests run: \d+, Failures: \d+, Errors: \d+, Skipped: \d+$/,
    },
    { is: "echo", line: /^(?:\[ERROR\] )?Tests run: .* <<< (?:FAILURE|ERROR)!/ },
    { is: "noise", line: /^\[INFO\] Tests run: / },
    {
      is: "failure",
      line: /^(?:\[ERROR\] )?(?<file>\S+\.(?:java|kt|scala|groovy)):\[(?<line>\d+),\d+\] (?:error: )?(?<message>.*)$/,
      opens: { lines: 4, until: /^\[(?:INFO|WARNING)\]|^\[ERROR\] \S/ },
    },
    {
      is: "detail",
      within: true,
      line: /^(?:\[ERROR\])? {2}(?:symbol|location|required|found|reason): /,
    },
    {
      is: "failure",
      kind: "dependency",
      line: /^(?:\[ERROR\] )?(?<message>Failed to execute goal .*Could not (?:resolve|find|transfer).*)$/,
    },
    {
      is: "summary",
      line: /^(?:\[ERROR\] )?Failed to execute goal .*(?:test failures|Compilation failure|Coverage checks)/,
    },
    { is: "failure", line: /^(?:\[ERROR\] )?(?<message>Failed to execute goal .*)$/ },
    {
      is: "failure",
      line: /^\[ERROR\] {3}(?<message>The project \S+ \(.*\) has \d+ errors?)$/,
      opens: { lines: 3, until: /^\[ERROR\] (?:To see|Re-run)/ },
    },
    { is: "summary", line: /^\[INFO\] (?:BUILD FAILURE$|\S.* FAILURE \[)/ },
  ],
};
