import { createRedactor } from "@ampx/core";
import { expect, test } from "vitest";
import { lineReader, type LineReaderOptions, type OutputLine } from "./line-reader.ts";

const secret = "hunter2-correct-horse";
const redact = (text: string) => text.replaceAll(secret, "***");

test("joins lines that come in pieces, and keeps what has no line end", () => {
  expect(readAll(["a\nb", "c\n\nd", ""], {})).toEqual({
    raw: "a\nbc\n\nd\n",
    lines: whole("a", "bc", "", "d"),
  });
});

test("says nothing of no output", () => {
  expect(readAll([], {})).toEqual({ raw: "", lines: [] });
});

test("redacts a secret wherever the pieces are cut", () => {
  const text = `x ${secret} y\n${secret}`;
  for (let at = 0; at <= text.length; at++) {
    expect(readAll([text.slice(0, at), text.slice(at)], {})).toEqual({
      raw: "x *** y\n***\n",
      lines: whole("x *** y", "***"),
    });
  }
});

test("gives a parser the lines as they were, and redacts only what is kept", () => {
  expect(readAll([`{"key":"${secret}"}\n`], { verbatim: true })).toEqual({
    raw: '{"key":"***"}\n',
    lines: whole(`{"key":"${secret}"}`),
  });
});

test("cuts a line that is too long, and keeps all of it", () => {
  const long = "x".repeat(20_000);
  const { raw, lines } = readAll([long.slice(0, 9_000), `${long.slice(9_000)}\nnext\n`], {
    maxLine: 100,
  });
  expect(raw).toBe(`${long}\nnext\n`);
  expect(lines).toEqual([
    { text: long.slice(0, 100), cut: true },
    { text: "next", cut: false },
  ]);
});

test("redacts secrets in a line that is too long to be held, wherever they lie", () => {
  const filler = "x".repeat(1_000);
  const text = `${Array.from({ length: 30 }, () => filler + secret).join("")}\nnext\n`;
  for (const size of [7, 1_000, 5_000]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
      text.slice(n * size, (n + 1) * size),
    );
    const { raw, lines } = readAll(pieces, { maxLine: 2_000 });
    expect(raw === redact(text)).toBe(true);
    expect(lines).toEqual([
      { text: expect.any(String), cut: true },
      { text: "next", cut: false },
    ]);
    const start = lines[0]?.text ?? "";
    expect(redact(text).startsWith(start)).toBe(true);
    expect(start.length).toBeGreaterThan(1_800);
    expect(start.length).toBeLessThanOrEqual(2_000);
  }
});

test("knows the lines of a private key that come one by one", () => {
  const body = "aB3dE6gH9jK2mN5pQ8sT1vW4xY7zC0fR".repeat(2);
  const key = ["-----BEGIN PRIVATE KEY-----", body, "-----END PRIVATE KEY-----", "after it"];
  const { raw, lines } = readAll(
    key.map((line) => `${line}\n`),
    { redact: createRedactor([]) },
  );
  const mark = "[redacted:private-key]";
  expect(lines).toEqual(whole(mark, mark, mark, "after it"));
  expect(raw).toBe(`${[mark, mark, mark, "after it"].join("\n")}\n`);
});

test("holds no more than its limit of a line without an end", () => {
  const reader = lineReader({ maxLine: 1_000, redact, verbatim: false });
  let raw = 0;
  for (let n = 0; n < 1_000; n++) raw += reader.read("x".repeat(10_000)).raw.length;
  expect(10_000_000 - raw).toBeLessThan(20_000);
  expect(raw + reader.end().raw.length).toBe(10_000_001);
});

function readAll(
  pieces: string[],
  options: Partial<LineReaderOptions>,
): { raw: string; lines: OutputLine[] } {
  const reader = lineReader({ maxLine: 1_000_000, verbatim: false, redact, ...options });
  const read = [...pieces.map((piece) => reader.read(piece)), reader.end()];
  return { raw: read.map(({ raw }) => raw).join(""), lines: read.flatMap(({ lines }) => lines) };
}

function whole(...lines: string[]): OutputLine[] {
  return lines.map((text) => ({ text, cut: false }));
}
