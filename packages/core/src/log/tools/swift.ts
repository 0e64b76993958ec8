import type { LogTool } from "../tool.ts";

/** SwiftPM and xcodebuild: XCTest, Swift Testing, the compiler. */
export const swift: LogTool = {
  name: "swift",
  kind: "test",
  hints: [
    ": error: ",
    "Test Case '",
    "✘ Test ",
    "** TEST FAILED",
    "** BUILD FAILED",
    "** ARCHIVE FAILED",
    "Executed ",
    "build commands failed:",
    "Failing tests:",
  ],
  rules: [
    { is: "noise", line: /^Test Case '.*' (?:started|passed)/ },
    {
      is: "failure",
      line: /^(?<file>[^\s:][^:]*\.swift):(?<line>\d+): error: -\[(?<test>[^[\]]+)\] : (?<message>.*)$/,
    },
    {
      is: "failure",
      line: /^(?<file>[^\s:][^:]*\.swift):(?<line>\d+): error: (?<test>\w+\.\w+) : (?<message>.*)$/,
    },
    { is: "failure", line: /^Test Case '(?:-\[)?(?<test>[^[\]']+)\]?' failed \(/ },
    {
      is: "failure",
      line: /^✘ Test (?<test>"[^"]*"|\S+) recorded an issue(?: with .*)? at (?<file>[^\s:]+):(?<line>\d+):\d+: (?<message>.*)$/,
    },
    { is: "failure", line: /^✘ Test (?<test>"[^"]*"|\S+\(\)) failed after / },
    {
      is: "failure",
      kind: "build",
      line: /^(?<file>[^\s:][^:]*\.(?:swift|xib|storyboard|xcodeproj|xcworkspace|xcassets|plist)):(?:(?<line>\d+):)?(?:\d+:)? (?:fatal )?error: (?<message>.*)$/,
      opens: { lines: 2, until: /^\S/ },
    },
    {
      is: "failure",
      kind: "dependency",
      line: /^(?:xcodebuild: error: (?=\S)|error: (?=no such module|Dependencies could not be resolved|Could not resolve package))(?<message>.*)$/,
    },
    { is: "summary", line: /^\*\* (?:TEST|BUILD|ARCHIVE) FAILED \*\*/ },
    {
      is: "summary",
      line: /^\s*Executed \d+ tests?, with (?:\d+ tests? skipped and )?[1-9]\d* failures?/,
    },
    {
      is: "echo",
      line: /^(?:The following build commands failed|Failing tests):$/,
      opens: { lines: 6, until: /^\(\d+ failures?\)/ },
    },
  ],
};
