import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxLine, plainLines } from "./plain-lines.ts";

function linesOf(...chunks: (string | Uint8Array)[]): string[] {
  const lines: string[] = [];
  const reader = plainLines((line) => lines.push(line));
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return lines;
}

const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

describe("plainLines", () => {
  test.each([
    [
      "colours",
      "\u001b[1;31mred\u001b[0m and \u001b]8;;http://x\u0007link\u001b]8;;\u0007",
      ["red and link"],
    ],
    ["colours written as ^[", "^[[31mred^[[39;49;00m text", ["red text"]],
    ["moves of the cursor", "\u001b[2A\u001b[2Kerror: x\u001b[1G\u001b[?25h", ["error: x"]],
    ["an order that is cut off", "error\u001b[", ["error"]],
    [
      "timestamps of GitHub",
      "\uFEFF2026-04-22T16:09:37.3317193Z ##[group]Run a\n2026-04-22T16:09:37.3351181Z   b",
      ["##[group]Run a", "  b"],
    ],
    [
      "timestamps of gh run view",
      "build\tRun tests\t2026-04-22T16:09:37.3317193Z FAIL a",
      ["FAIL a"],
    ],
    [
      "timestamps of GitLab",
      "2026-04-22T16:09:37.331719Z 01O FAIL a\n2026-04-22T16:09:37.331719Z 01E b",
      ["FAIL a", "b"],
    ],
    ["timestamps of Jenkins", "[2026-04-22T16:09:37.331Z] FAIL a", ["FAIL a"]],
    ["progress that was overwritten", "10 %\r50 %\r100 %\r\ndone\r\n", ["100 %", "done"]],
    ["characters that show nothing", "a\u0000b\u0008\tc\u202Ed\u200B", ["ab\tcd"]],
    ["blanks at the end", "a  \t\nb", ["a", "b"]],
  ])("takes out %s", (_, text, lines) => {
    expect(linesOf(text)).toEqual(lines);
    expect(linesOf(Buffer.from(text))).toEqual(lines);
  });

  test("keeps what a carriage return does not write over with progress of its own", () => {
    expect(linesOf("error: no disk left\rall is well")).toEqual([
      "error: no disk left",
      "all is well",
    ]);
    expect(linesOf("one\rtwo\rthree\r")).toEqual(["one", "two", "three"]);
  });

  test("tells blank lines, and no line of an empty log", () => {
    expect(linesOf("a\n\n \nb\n")).toEqual(["a", "", "", "b"]);
    expect(linesOf("")).toEqual([]);
    expect(linesOf()).toEqual([]);
  });

  test.each([
    ["UTF-16 with a mark", Buffer.from("\uFEFFerror: no\r\nend", "utf16le")],
    ["UTF-16 without a mark", Buffer.from("error: no\r\nend", "utf16le")],
    ["UTF-16 with the high byte first", utf16be("\uFEFFerror: no\r\nend")],
    ["UTF-16 with the high byte first, no mark", utf16be("error: no\r\nend")],
    ["UTF-8 with a mark", Buffer.from("\uFEFFerror: no\r\nend")],
  ])("reads %s, cut anywhere", (_, bytes) => {
    expect(linesOf(bytes)).toEqual(["error: no", "end"]);
    expect(linesOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(["error: no", "end"]);
  });

  test("reads characters that are cut in two, and bytes that are no text", () => {
    const bytes = Buffer.from("héllo ✗ wörld of many 😀 signs");
    for (let at = 0; at <= bytes.length; at++)
      expect(linesOf(bytes.subarray(0, at), bytes.subarray(at))).toEqual([bytes.toString()]);
    expect(linesOf(bytes.subarray(0, 9))).toEqual(["héllo \uFFFD"]);
    expect(linesOf(Uint8Array.of(0xff, 0xc0, 0x41, 0x80, 0x0a, 0x42)).at(-1)).toBe("B");
  });

  test("hands a long line on in pieces", () => {
    const words = "word ".repeat(5_000);
    const lines = linesOf(words);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(maxLine);
    expect(lines.join(" ").replace(/ +/g, " ").trim()).toBe(words.trim());
  });

  test("is the same however the log is cut into chunks", () => {
    const piece = fc.constantFrom(
      "Error: x",
      "ok",
      "\r",
      "\n",
      "\r\n",
      "\u001b[31m",
      "\u001b",
      "^[[0m",
      "😀",
      " ",
      "10 %",
      "2026-04-22T16:09:37.3317193Z ",
      "z".repeat(900),
      "\u0000",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (pieces, size) => {
          const log = pieces.join("");
          const chunks: string[] = [];
          for (let at = 0; at < log.length; at += size) chunks.push(log.slice(at, at + size));
          expect(linesOf(...chunks)).toEqual(linesOf(log));
        },
      ),
    );
  });
});
