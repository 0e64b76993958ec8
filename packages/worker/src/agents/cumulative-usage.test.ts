import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Reading, startCounting, usageSince } from "./cumulative-usage.ts";

const reading = (inputTokens: number, usd: number | null): Reading => ({
  inputTokens,
  outputTokens: inputTokens / 10,
  cacheReadTokens: 5,
  cacheWriteTokens: 0,
  usd,
});

test("readings of one session become what was added since the one before", async () => {
  await using folder = await temporaryFolder();
  const session = { stateDir: folder.path, agent: "a", session: "s" };
  await startCounting(session);
  expect(await usageSince(session, reading(1_000, 0.03))).toEqual({
    type: "usage",
    inputTokens: 1_000,
    outputTokens: 100,
    cacheReadTokens: 5,
    cacheWriteTokens: 0,
    usd: 0.03,
    source: "reported",
  });
  expect(await usageSince(session, reading(3_000, 0.0902))).toMatchObject({
    inputTokens: 2_000,
    outputTokens: 200,
    cacheReadTokens: 0,
    usd: 0.0602,
  });
  expect(await usageSince(session, reading(3_000, 0.0902))).toMatchObject({
    inputTokens: 0,
    usd: 0,
  });
});

test("a reading that has forgotten what was before is not counted, and does not lead to counting again", async () => {
  await using folder = await temporaryFolder();
  const session = { stateDir: folder.path, agent: "a", session: "s" };
  await startCounting(session);
  await usageSince(session, reading(1_000, null));
  expect(await usageSince(session, reading(0, null))).toMatchObject({ inputTokens: 0, usd: null });
  expect(await usageSince(session, reading(1_500, null))).toMatchObject({ inputTokens: 500 });
});

test("of a session that began elsewhere only what follows is known", async () => {
  await using folder = await temporaryFolder();
  const session = { stateDir: folder.path, agent: "a", session: "../s" };
  expect(await usageSince(session, reading(1_000, 1))).toBeNull();
  expect(await usageSince(session, reading(1_100, 1.5))).toMatchObject({
    inputTokens: 100,
    usd: 0.5,
  });
  await writeFile(join(folder.path, "usage/a/..%2Fs.json"), "{");
  expect(await usageSince(session, reading(1_200, 2))).toBeNull();
});

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "usage-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
