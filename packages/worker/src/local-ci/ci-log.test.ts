import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CiLog } from "./ci-log.ts";

const loud = (line: string) => line.replaceAll("secret", "******");

test("a log beyond its size keeps its beginning and its end, and says what is missing", async () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`);
  const { file, tail } = await logged(lines, { maxBytes: 10_000 });
  const [head = "", end = ""] = file.split(/\n\[ampx: \d+ bytes are left out here\]\n/);
  const missing = Number(/ampx: (\d+) bytes/.exec(file)?.[1]);
  const text = lines.join("");
  expect(text.startsWith(head)).toBe(true);
  expect(text.endsWith(end)).toBe(true);
  expect(head.length + missing + end.length).toBe(text.length);
  expect(head.length).toBeLessThanOrEqual(10_000);
  expect(text.endsWith(tail)).toBe(true);
  expect(tail.length).toBeGreaterThan(65_000);
  expect(tail.length).toBeLessThanOrEqual(65_536);
  expect(tail).toMatch(/^line \d+\n/);
});

test("the end begins with a line, also when it is cut by the very last output", async () => {
  const { tail } = await logged(["a line of some length\n".repeat(50_000)]);
  expect(tail).toMatch(/^(?:a line of some length\n)+$/);
});

test("a log that is barely beyond its size is complete", async () => {
  const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}\n`);
  const { file } = await logged(lines, { maxBytes: 5_000 });
  expect(file).toBe(lines.join(""));
});

test("a secret is found wherever the chunks are cut", async () => {
  const text = "a secret b\n".repeat(50);
  for (const size of [1, 3, 7]) {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
      text.slice(at * size, (at + 1) * size),
    );
    expect((await logged(chunks)).file).toBe("a ****** b\n".repeat(50));
  }
});

test("a secret is found in a line that never ends", async () => {
  const words = Array.from({ length: 30_000 }, () => "word secret ");
  const { file } = await logged(words);
  expect(file).toBe("word ****** ".repeat(30_000) + "\n");
});

test("characters of several bytes that are cut in two come out whole, and the tail begins with one", async () => {
  const text = Buffer.from("€".repeat(50_000));
  const { file, tail } = await logged([
    text.subarray(0, 1000),
    text.subarray(1000, 70_001),
    text.subarray(70_001),
  ]);
  expect(file).toBe("€".repeat(50_000) + "\n");
  expect(tail).toMatch(/^€+\n$/);
});

test("what is not text does no harm", async () => {
  const { file } = await logged([Buffer.from([0, 255, 254, 10, 13, 10])]);
  expect(file).toBe("\0\uFFFD\uFFFD\n\r\n");
});

test("nothing printed is an empty log", async () => {
  expect(await logged([])).toEqual({ file: "", tail: "" });
});

async function logged(chunks: (string | Uint8Array)[], { maxBytes = 10_000_000 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "ci-log-"));
  try {
    const path = join(folder, "it.log");
    await using log = await CiLog.open(path, { redactLine: loud, maxBytes });
    const stream = (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })();
    await log.read(stream);
    const tail = await log.finish();
    return { file: await readFile(path, "utf8"), tail };
  } finally {
    await rm(folder, { recursive: true });
  }
}
