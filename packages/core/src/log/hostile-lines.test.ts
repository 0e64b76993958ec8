import { describe, expect, test } from "vitest";
import { bareLine } from "./bare-line.ts";
import { failureTitle } from "./failure-title.ts";
import { plainLines } from "./plain-lines.ts";
import { logReader } from "./read-log.ts";
import { stableText } from "./stable-text.ts";
import { stepFollower } from "./steps.ts";
import { tools } from "./tools/index.ts";

// What makes a regular expression that is not linear take seconds: much of the same, and an end that does not fit.
const long = 10_000;
// Linear takes far below a millisecond, quadratic some hundred.
const limit = 30;
const units = [
  "a",
  " ",
  "(",
  ":",
  "/",
  ".",
  "-",
  "_",
  "=",
  "#",
  "[",
  "\t",
  "0",
  "1.",
  "a ",
  "a:",
  "a/",
  "error ",
  "Error: ",
  "a.b ",
  "at ",
  "::",
  " > ",
  "➤ ",
  "│ ",
  "\\",
  "'a' ",
  '"a" ',
];
const heads = [
  "",
  " ",
  "  ",
  "error: ",
  "FAIL ",
  "  at ",
  "[",
  "E   ",
  "##[error]",
  "a.py:1: ",
  "npm error ",
  "== ",
  "1) ",
  "#1 ",
  "test ",
];
const hostile = units.flatMap((unit) =>
  heads.map((head) => `${head}${unit.repeat(Math.ceil(long / unit.length))}\u0001`),
);

describe("hostile lines", () => {
  test.each(tools.map((tool) => [tool.name, tool] as const))(
    "every expression of %s takes linear time",
    { timeout: 60_000 },
    (_, tool) => {
      const expressions = tool.rules.flatMap(({ line, above, opens }) => [
        line,
        above,
        opens?.until,
      ]);
      for (const expression of expressions) {
        if (expression === undefined) continue;
        for (const line of hostile)
          expect(
            leastTime(() => expression.test(line)),
            `${expression} on ${line.slice(0, 30)}`,
          ).toBeLessThan(limit);
      }
    },
  );

  test("every hint is long enough, and no expression keeps state", () => {
    for (const { hints } of tools) for (const hint of hints) expect(hint.length).toBeGreaterThan(2);
    for (const tool of tools)
      expect(tool.rules.every(({ line }) => !line.global && !line.sticky)).toBe(true);
  });

  test.each([
    ["plain lines", (line: string) => plainLines(() => {}).push(`${line}\n`)],
    ["bare lines", (line: string) => bareLine(line)],
    ["steps", (line: string) => stepFollower().take(line)],
    ["stable texts", (line: string) => stableText(line.slice(0, 300))],
    [
      "titles",
      (line: string) => failureTitle({ tool: "x", kind: "test", message: line.slice(0, 300) }),
    ],
    [
      "whole logs",
      (line: string) => {
        const reader = logReader();
        reader.push(line);
        reader.end().excerpt(4_000);
      },
    ],
  ])("%s take linear time", { timeout: 60_000 }, (_, read) => {
    for (const line of hostile)
      expect(
        leastTime(() => read(line)),
        line.slice(0, 30),
      ).toBeLessThan(10 * limit);
  });
});

/** Milliseconds of this process for the fastest of a few runs: others on the machine and the compiler only make it slower. */
function leastTime(work: () => unknown): number {
  let least = Infinity;
  for (let run = 0; run < 4 && least > limit; run++) {
    const startedAt = process.cpuUsage();
    work();
    least = Math.min(least, process.cpuUsage(startedAt).user / 1_000);
  }
  return least;
}
