import type { LogTool } from "../tool.ts";
import { jvmFrame } from "./jvm-frame.ts";

/** JUnit's console launcher: a tree with `✘`, then `Failures (2):` with one block each. */
export const junitConsole: LogTool = {
  name: "junit",
  kind: "test",
  hints: [" ✘ ", " [X] ", "  JUnit ", "Failures (", "tests failed "],
  rules: [
    { is: "echo", line: /^[│|╷ ]*[├└+'`][─-]+ .*(?: ✘ | \[X\] )/ },
    {
      is: "failure",
      line: /^ {2}JUnit \w[\w ]{0,40}:(?<test>\S.*)$/,
      opens: { lines: 30, until: /^Test run finished|^\[ +\d+ / },
    },
    {
      is: "noise",
      within: true,
      line: /^ {4}(?:MethodSource|ClassSource) \[|^ {7}(?:\[\.\.\.\]|org\.junit)/,
    },
    { is: "detail", within: true, line: /^ {4}=> (?<message>.*)$/ },
    { is: "detail", within: true, line: jvmFrame },
    { is: "summary", line: /^\[ +\d+ tests failed +\]$/ },
  ],
};
