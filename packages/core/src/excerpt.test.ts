import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createExcerpt } from "./excerpt.ts";

function excerptOf(log: string | string[], maxChars = 4_000): string {
  const excerpt = createExcerpt({ maxChars });
  for (const chunk of [log].flat()) excerpt.push(chunk);
  return excerpt.end();
}

const numbered = (from: number, to: number, word = "line"): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${word} ${from + index} of an ordinary log`);

describe("createExcerpt", () => {
  test("gives a short log whole", () => {
    expect(excerptOf("one\ntwo\nthree\n")).toBe("one\ntwo\nthree");
    expect(excerptOf("no line break at the end")).toBe("no line break at the end");
  });

  test.each(["", "\n\n", " \r\n\u001b[0m\n", []])("says so when nothing was printed: %j", (log) => {
    expect(excerptOf(log)).toBe("The log is empty: nothing was printed.");
  });

  test.each([
    [
      "colours",
      "\u001b[1;31mred\u001b[0m and \u001b]8;;http://x\u0007link\u001b]8;;\u0007",
      "red and link",
    ],
    [
      "timestamps of GitHub",
      "\uFEFF2026-04-22T16:09:37.3317193Z ##[group]Run tests\n2026-04-22T16:09:37.3351181Z done",
      "##[group]Run tests\ndone",
    ],
    ["progress that was overwritten", "10 %\r50 %\r100 %\r\ndone\r\n", "100 %\ndone"],
    ["blank lines", "a\n\n   \nb", "a\nb"],
    ["control characters", "a\u0000b\u0008\tc", "ab\tc"],
  ])("takes out %s", (_, log, expected) => {
    expect(excerptOf(log)).toBe(expected);
  });

  test("keeps the errors with lines around them, and the end, in order, and says what it left out", () => {
    const log = [
      ...numbered(1, 500),
      "src/a.ts:3:7 - error TS2322: no",
      ...numbered(502, 1_000),
      "FAIL src/b.test.ts",
      ...numbered(1_002, 2_000),
    ];
    const lines = excerptOf(log.join("\n"), 2_000).split("\n");
    expect(
      lines.filter((line) => !line.startsWith("line 1") && !line.startsWith("line 2000")),
    ).toEqual([
      "… 497 lines left out …",
      ...numbered(498, 500),
      "src/a.ts:3:7 - error TS2322: no",
      ...numbered(502, 507),
      "… 490 lines left out …",
      ...numbered(998, 999),
      "FAIL src/b.test.ts",
      expect.stringMatching(/^… 9\d\d lines left out …$/),
    ]);
    expect(lines.at(-1)).toBe("line 2000 of an ordinary log");
  });

  test("keeps the first and the newest of too many errors", () => {
    const text = excerptOf(numbered(1, 5_000, "error").join("\n"), 2_000);
    expect(text).toMatch(/^error 1 of/);
    expect(text).toMatch(/lines left out …\nerror \d+ of/);
    expect(text).toMatch(/error 5000 of an ordinary log$/);
  });

  test("does not take a count of no errors for an error", () => {
    const log = [...numbered(1, 300), "0 errors, 0 failed, no failures", ...numbered(302, 900)];
    expect(excerptOf(log.join("\n"), 1_000)).not.toContain("0 errors");
  });

  test("leaves out what GitHub does after a failed step", () => {
    expect(
      excerptOf(
        "a test failed\n##[error]Process completed with exit code 1.\nPost job cleanup.\ngit version 2\n",
      ),
    ).toBe("a test failed\n##[error]Process completed with exit code 1.");
    expect(excerptOf("all is well\nPost job cleanup.\n##[error]no space\n")).toContain(
      "##[error]no space",
    );
  });

  test("cuts long lines", () => {
    const [long, next, ...none] = excerptOf(`${"x".repeat(100_000)}\nnext`).split("\n");
    expect(long).toBe(`${"x".repeat(400)}…`);
    expect([next, none]).toEqual(["next", []]);
  });

  test("is the same however the log is cut into chunks, and never too long", () => {
    const piece = fc.constantFrom(
      "Error: x",
      "E   assert 1 == 2",
      "ok",
      "0 errors",
      "\r",
      "\n",
      "\r\n",
      "\u001b[31m",
      "😀",
      " ",
      "2026-04-22T16:09:37.3317193Z ",
      "z".repeat(500),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 300 }),
        fc.integer({ min: 1, max: 2_000 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
        (pieces, maxChars, sizes) => {
          const log = pieces.join("");
          const chunks: string[] = [];
          for (let at = 0; at < log.length;) {
            const size = sizes.next().value ?? 1;
            chunks.push(log.slice(at, at + size));
            at += size;
          }
          const whole = excerptOf(log, maxChars);
          expect(excerptOf(chunks, maxChars)).toBe(whole);
          expect(whole.length).toBeGreaterThan(0);
          expect(whole.length).toBeLessThanOrEqual(maxChars);
        },
      ),
    );
  });

  test("is never cut by its limit where there is room for a few lines", () => {
    const line = fc.oneof(fc.constant("Error: x"), fc.stringMatching(/^[a-z ]{1,80}$/));
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 400 }),
        fc.integer({ min: 500, max: 4_000 }),
        (lines, maxChars) => {
          const text = excerptOf(lines.join("\n"), maxChars);
          const kept = text.split("\n").filter((found) => !/^… \d+ lines? left out …$/.test(found));
          for (const found of kept)
            expect([
              ...lines.map((given) => given.trimEnd()),
              "The log is empty: nothing was printed.",
            ]).toContain(found);
        },
      ),
    );
  });

  test("holds on to little of a log of 100 MB", { timeout: 60_000 }, () => {
    const excerpt = createExcerpt({ maxChars: 4_000 });
    const chunk = [...numbered(1, 2_000), "error: something", "x".repeat(50_000)].join("\n");
    const before = process.memoryUsage().heapUsed;
    for (let chars = 0; chars < 100_000_000; chars += chunk.length) excerpt.push(chunk);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
    expect(excerpt.end()).toMatch(/^… 1997 lines left out …\n/);
  });
});
