import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test, vi } from "vitest";
import { withLock } from "./copy-lock.ts";
import { makeRepository } from "./fixture.ts";

/** For the whole file, however slow the machine is. */
const signal = AbortSignal.timeout(600_000);

test("one at a time, in order, and the next one after a failure", async () => {
  await using repo = await makeRepository({ files: null });
  const file = join(repo.home, "x.lock");
  const seen: string[] = [];
  const runs = [1, 2, 3].map((number) =>
    withLock(file, signal, async () => {
      seen.push(`${number} in`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${number} out`);
      if (number === 1) throw new Error("failed");
    }),
  );
  expect((await Promise.allSettled(runs)).map(({ status }) => status)).toEqual([
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(seen).toEqual(["1 in", "1 out", "2 in", "2 out", "3 in", "3 out"]);
});

test("who gives up waiting lets nobody in before the first is done", async () => {
  await using repo = await makeRepository({ files: null });
  const file = join(repo.home, "x.lock");
  const gate = Promise.withResolvers<void>();
  const inside: string[] = [];
  const first = withLock(file, signal, async () => {
    inside.push("first");
    await gate.promise;
    inside.push("first out");
  });
  const impatient = new AbortController();
  const second = withLock(file, impatient.signal, async () => inside.push("second"));
  const third = withLock(file, signal, async () => inside.push("third"));
  impatient.abort(new Error("enough"));
  await expect(second).rejects.toThrow("enough");
  gate.resolve();
  await Promise.all([first, third]);
  expect(inside).toEqual(["first", "first out", "third"]);
});

test("waits for another process, and takes over from a dead one", async () => {
  await using repo = await makeRepository({ files: null });
  await mkdir(repo.home, { recursive: true });
  const file = join(repo.home, "x.lock");
  const script = join(repo.root, "hold.ts");
  const source = `import { writeFileSync } from "node:fs";
    import { withLock } from ${JSON.stringify(join(import.meta.dirname, "copy-lock.ts"))};
    await withLock(process.argv[2], AbortSignal.timeout(60000), async () => {
      writeFileSync(process.argv[2] + ".held", "");
      await new Promise((resolve) => setTimeout(resolve, 60000));
    });`;
  await writeFile(script, source);
  const holder = execa(process.execPath, [script, file], { reject: false });
  try {
    await vi.waitUntil(() => existsSync(`${file}.held`), { timeout: 20_000 });
    await expect(withLock(file, AbortSignal.timeout(300), async () => "in")).rejects.toThrow(
      /abort/i,
    );
    const waiting = withLock(file, signal, async () => "in");
    holder.kill("SIGKILL");
    expect(await waiting).toBe("in");
  } finally {
    holder.kill("SIGKILL");
    await holder;
  }
});
