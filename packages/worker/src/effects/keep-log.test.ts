import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor } from "@ampx/core";
import { expect, test } from "vitest";
import { keepLog } from "./keep-log.ts";

const secret = "tok-0123456789abcdef";

test("a log is kept whole, but for its secrets, wherever a chunk is cut", async () => {
  await using folder = await temporary();
  const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n} ${n % 7 === 0 ? secret : "–"}`);
  const text = `${lines.join("\n")}\nlast ${secret}`;
  const [from, to] = [join(folder.path, "ci.log"), join(folder.path, "kept", "ci-1.log")];
  await writeFile(from, text);
  const redact = createRedactor([secret]);
  await keepLog(from, to, { redact, signal: AbortSignal.timeout(10_000) });
  expect(await readFile(to, "utf8")).toBe(text.replaceAll(secret, "[redacted]"));
  expect((await stat(to)).mode & 0o777).toBe(0o600);
});

test("an endless line is kept, too", async () => {
  await using folder = await temporary();
  const [from, to] = [join(folder.path, "a"), join(folder.path, "b")];
  await writeFile(from, "x".repeat(3_000_000));
  const redact = createRedactor([]);
  await keepLog(from, to, { redact, signal: AbortSignal.timeout(10_000) });
  expect((await stat(to)).size).toBe(3_000_000);
});

async function temporary() {
  const path = await mkdtemp(join(tmpdir(), "ampx-keep-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
