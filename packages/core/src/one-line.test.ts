import { expect, test } from "vitest";
import { oneLine } from "./one-line.ts";

test.for([
  ["", ""],
  [" \n", ""],
  ["as it is", "as it is"],
  ["  a\r\n\tb \u2028 c\u00a0d\n", "a b c d"],
  ["\u001b[1mred\u0000\u0007\u009be", "[1mred e"],
  ["ten chars!", "ten chars!"],
  ["eleven char", "eleven ch…"],
  // A character of two units is there or not.
  ["12345678\u{1F600}", "12345678\u{1F600}"],
  ["12345678\u{1F600}9", "12345678…"],
  ["1234567\u{1F600}90", "1234567\u{1F600}…"],
  // Half a character that came in is none.
  ["a\uD83Db", "a\uFFFDb"],
  ["12345678\uDE00901", "12345678\uFFFD…"],
] as const)("makes of %j the line %j", ([text, line]) => {
  expect(oneLine(text, { maxChars: 10 })).toBe(line);
});

test("is never longer than asked for, and takes linear time", () => {
  const long = `${" \t".repeat(500_000)}x${"\u{1F600}".repeat(100_000)}`;
  for (const maxChars of [1, 2, 3, 299, 300])
    expect(oneLine(long, { maxChars }).length).toBeLessThanOrEqual(maxChars);
});
