import type { LogTool } from "../tool.ts";

/** mocha: numbered failures after the counts, whose titles take a line per suite. */
export const mocha: LogTool = {
  name: "mocha",
  kind: "test",
  hints: [" passing (", " failing", " pending"],
  rules: [
    { is: "summary", line: /^ {2}\d+ (?:passing|pending)\b/ },
    {
      is: "block",
      line: /^ {2}\d+ failing$/,
      opens: { lines: 400, until: /^(?:##\[|npm |error )/ },
    },
    {
      is: "failure",
      within: true,
      line: /^ {2}\d+\) (?<test>\S.*?):?$/,
      opens: { lines: 300, until: /^(?:##\[|npm |error )/ },
    },
    { is: "detail", within: true, appends: true, line: /^ {7,40}(?<test>\S.*?):?$/ },
    {
      is: "detail",
      within: true,
      line: /^ {5,6}(?: )?(?<message>(?:[A-Z]\w*)?(?:Error|Exception)\b.*|Uncaught .*|Timeout of .*|AssertionError.*)/,
    },
    {
      is: "detail",
      within: true,
      line: /^\s+at (?:.{1,200} \()?(?!.{0,200}(?:node_modules|node:))(?:file:\/\/)?(?<file>[^\s():]+):(?<line>\d+):\d+\)?$/,
    },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^ {6}(?<message>[-+](?!\s?(?:expected|actual)\b)\S.*)/,
    },
  ],
};
