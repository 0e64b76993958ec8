import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { thisProcess } from "./holder.ts";
import { acquireProcessLock, readProcessLock, type ProcessLock } from "./process-lock.ts";

test("a lock is held until it is disposed of, and others are told by whom", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "it.lock");
  expect(await readProcessLock(file)).toBeNull();
  {
    await using lock = await acquired(file, { port: 1 });
    expect(await acquireProcessLock(file)).toEqual({
      heldBy: { ...thisProcess(), note: { port: 1 } },
    });
    await lock.describe({ port: 8080 });
    expect(await readProcessLock(file)).toEqual({ ...thisProcess(), note: { port: 8080 } });
    expect(await acquireProcessLock(file)).toHaveProperty("heldBy.note.port", 8080);
  }
  expect(await readProcessLock(file)).toBeNull();
  expect(await readdir(folder.path)).toEqual([]);
});

test("a lock of another host is left alone", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "it.lock");
  await writeFile(
    file,
    JSON.stringify({ ...deadHolder(), host: "elsewhere", startedAt: "its boot:42" }),
  );
  expect(await acquireProcessLock(file)).toHaveProperty("heldBy.host", "elsewhere");
  expect(await readProcessLock(file)).toHaveProperty("host", "elsewhere");
});

test("a dead holder is replaced and its note handed over", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "it.lock");
  await writeFile(file, JSON.stringify({ ...deadHolder(), note: { folder: "/tmp/x" } }));
  expect(await readProcessLock(file)).toBeNull();
  await using lock = await acquired(file);
  expect(lock.replaced).toMatchObject([{ note: { folder: "/tmp/x" } }]);
  expect(await readdir(folder.path)).toEqual(["it.lock"]);
});

test.each([
  "",
  "null",
  "{",
  '{"pid":1}',
  "\0\0\0\0",
  '{"host":"h","pid":1,"startedAt":"s","nonce":"../../x"}',
])("a file that is no lock (%j) is replaced", async (content) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "it.lock");
  await writeFile(file, content);
  await using _lock = await acquired(file);
  expect(await readProcessLock(file)).toMatchObject(thisProcess());
});

test("a taker who died half-way is replaced as well, and what it left is swept", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "it.lock");
  const [first, second, third] = [deadHolder(), deadHolder(), deadHolder()];
  await writeFile(file, JSON.stringify(first));
  await writeFile(`${file}.${first.nonce}`, JSON.stringify(second));
  await writeFile(`${file}.${first.nonce}.${second.nonce}`, JSON.stringify(third));
  await writeFile(`${file}.${crypto.randomUUID()}.new`, JSON.stringify(deadHolder()));
  await using lock = await acquired(file);
  expect(lock.replaced).toHaveLength(3);
  expect(await readdir(folder.path)).toEqual(["it.lock"]);
});

test("a taker who is alive half-way holds the lock", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "it.lock");
  const dead = deadHolder();
  await writeFile(file, JSON.stringify(dead));
  await writeFile(
    `${file}.${dead.nonce}`,
    JSON.stringify({ ...thisProcess(), nonce: crypto.randomUUID() }),
  );
  expect(await acquireProcessLock(file)).toHaveProperty("heldBy.pid", process.pid);
});

test("of several processes that take over from a dead one, exactly one succeeds, again and again", async () => {
  await using folder = await temporaryFolder();
  await using contenders = await startContenders(6);
  for (let round = 0; round < 150; round++) {
    const file = join(folder.path, `${round}.lock`);
    const dead = deadHolder();
    await writeFile(file, JSON.stringify(dead));
    // In a third of the rounds a taker has died half-way, in another third it has come too late and died.
    if (round % 3 === 1) await writeFile(`${file}.${dead.nonce}`, JSON.stringify(deadHolder()));
    if (round % 3 === 2)
      await writeFile(`${file}.${crypto.randomUUID()}`, JSON.stringify(deadHolder()));
    const answers = await contenders.all(file);
    expect(answers.filter((answer) => answer === "won")).toHaveLength(1);
  }
}, 60_000);

test("a process that is killed while it holds the lock is replaced by exactly one other", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "it.lock");
  for (let round = 0; round < 5; round++) {
    await using contenders = await startContenders(4);
    const answers = await contenders.all(file);
    expect(answers.filter((answer) => answer === "won")).toHaveLength(1);
    await contenders.kill(answers.indexOf("won"));
    const next = await contenders.all(file);
    expect(next.filter((answer) => answer === "won")).toHaveLength(1);
    await contenders.kill(next.indexOf("won"));
  }
}, 60_000);

async function acquired(file: string, note = {}): Promise<ProcessLock> {
  const lock = await acquireProcessLock(file, note);
  if ("heldBy" in lock) throw new Error(`held by ${lock.heldBy.pid}`);
  return lock;
}

/** A lock's content whose holder lived on this host. */
function deadHolder() {
  return { ...thisProcess(), pid: 2 ** 22 + 1, nonce: crypto.randomUUID(), note: {} };
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "lock-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function startContenders(count: number) {
  const script = join(import.meta.dirname, "process-lock-contender/main.ts");
  let contenders = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
    return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
  });
  const end = async ({ child }: (typeof contenders)[number]) => {
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  };
  return {
    /** Lets all of them try at once. */
    async all(file: string): Promise<string[]> {
      for (const { child } of contenders) child.stdin.write(`${file}\n`);
      return Promise.all(contenders.map(async ({ lines }) => String((await lines.next()).value)));
    },
    async kill(index: number): Promise<void> {
      const [victim] = contenders.splice(index, 1);
      victim!.child.stdin.write("die\n");
      await once(victim!.child, "exit");
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(contenders.map(end));
      contenders = [];
    },
  };
}
