import type { LogTool } from "../tool.ts";
import { jvmException, jvmFrame } from "./jvm-frame.ts";

/** Gradle: its tests, its Kotlin compiler, and what it says went wrong. Java's compiler has a tool of its own. */
export const gradle: LogTool = {
  name: "gradle",
  kind: "build",
  hints: [
    " FAILED",
    "> Task ",
    "went wrong:",
    "BUILD FAILED",
    "tests completed",
    "test completed",
    "FAILURE: Build",
    "Build file '",
    "e: file://",
    "e: /",
    "Downloading https://services.gradle",
    "* Try:",
  ],
  rules: [
    { is: "summary", line: /^> Task \S+ FAILED$/ },
    {
      is: "noise",
      line: /^> Task \S+(?: (?:UP-TO-DATE|NO-SOURCE|FROM-CACHE|SKIPPED))?$|^Downloading https:/,
    },
    {
      is: "failure",
      kind: "test",
      line: /^(?:Gradle Test Run [^>]+ > Gradle Test Executor \d+ > )?(?<test>[A-Za-z_][\w.$ ]* > .*\S) FAILED$/,
      opens: {
        lines: 40,
        until:
          /^\S[^>]* > .* (?:FAILED|PASSED|SKIPPED|STARTED)$|^\d+ tests? completed|^> Task |^FAILURE: /,
      },
    },
    {
      is: "detail",
      within: true,
      line: /^ {4}(?<message>[\w.$]+) at (?<file>\w+\.\w+):(?<line>\d+)$/,
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
      line: /^e: (?:file:\/\/)?(?<file>[^:]+):(?: \()?(?<line>\d+)(?:, |:)\d+\)?:? (?<message>.*)$/,
    },
    { is: "place", line: /^Build file '(?<file>[^']+)' line: (?<line>\d+)$/ },
    {
      is: "block",
      line: /^\* What went wrong:$/,
      opens: { lines: 14, until: /^\* (?:Try|Exception|Get more)|^={10,}|^BUILD / },
    },
    {
      is: "failure",
      kind: "dependency",
      within: true,
      line: /^ *> (?<message>Could not (?:resolve|find|download|GET) .*)$/,
    },
    {
      is: "failure",
      within: true,
      line: /^ *> (?!There were failing tests|Compilation |A failure occurred|Run with|Task |Get more|Could not resolve all )(?<message>\S.*)$/,
    },
    { is: "block", line: /^\* Try:$/, opens: { lines: 0 } },
    { is: "summary", line: /^\d+ tests? completed, .*\bfailed\b/ },
    { is: "summary", line: /^BUILD FAILED in |^FAILURE: Build (?:failed|completed) with/ },
  ],
};
