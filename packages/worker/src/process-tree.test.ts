import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { lookAtProcesses, readProcesses } from "./process-tree-snapshot.ts";
import { endProcesses, markedProcesses } from "./process-tree.ts";

test("ends a tool that runs in a session of its own", async () => {
  await using tree = await start("setsid sleep 30 & sleep 30", 3);
  await tree.end();
  expect(await tree.living()).toEqual([]);
});

test("ends a process whose parents have gone", async () => {
  await using tree = await start("(setsid sh -c 'sleep 30 & exec sleep 31' &) ; exit 0", 2);
  await tree.end();
  expect(await tree.living()).toEqual([]);
});

test("ends what forgot its mark, as long as it stayed below or in the session of the first process", async () => {
  await using tree = await start(
    "env -i sh -c 'sleep 30 & sleep 31' & (env -i sleep 32 &) ; sleep 33",
    2,
  );
  await until(async () => (await sleepers(tree.pid, ["30", "31", "32", "33"])).length === 4);
  const pids = await sleepers(tree.pid, ["30", "31", "32", "33"]);
  await tree.end();
  expect(pids.filter(lives)).toEqual([]);
});

test("ends what forgot its mark and lost its parents after the first process had ended", async () => {
  await using tree = await start("env -i sleep 30 & sleep 1 & exit 0", 1);
  await tree.exited;
  await tree.end();
  expect(await sleepers(tree.pid, ["30"])).toEqual([]);
});

test("ends a process that ignores being asked, after the grace", async () => {
  await using tree = await start("trap '' INT TERM; sleep 30 & while :; do sleep 0.05; done", 2);
  const begun = performance.now();
  await tree.end(200);
  const took = performance.now() - begun;
  expect(await tree.living()).toEqual([]);
  expect(took).toBeGreaterThanOrEqual(390);
  expect(took).toBeLessThan(5_000);
});

test("gives a process that is asked the time to end in its own way", async () => {
  await using tree = await start(
    "trap 'sleep 0.2; echo bye; exit 0' INT; while :; do sleep 0.05; done",
    1,
  );
  await tree.end(20_000);
  expect(tree.output()).toBe("bye\n");
});

test("asks the process that is meant, and not the one above that only watches over it", async () => {
  const meant = `trap "echo bye; exit 0" INT; while :; do sleep 0.05; done`;
  await using tree = await start(`trap 'echo no' INT; sh -c '${meant}'; echo over; sleep 30`, 3);
  await endProcesses({ pid: tree.pid, levels: 1, mark: tree.mark, graceMs: 5_000 });
  expect(tree.output()).toBe("bye\nover\n");
  expect(await tree.living()).toEqual([]);
});

test("is not patient any more once the signal aborts", async () => {
  await using tree = await start("trap '' INT TERM; while :; do sleep 0.05; done", 1);
  await endProcesses({
    pid: tree.pid,
    mark: tree.mark,
    graceMs: 60_000,
    signal: AbortSignal.timeout(100),
  });
  expect(await tree.living()).toEqual([]);
});

test("ends a tree that forks without pause while it is being ended", async () => {
  const storm =
    "i=0; while [ $i -lt 300 ]; do i=$((i+1)); setsid sh -c 'trap \"\" INT TERM; sleep 30' & done; wait";
  await using tree = await start(storm, 20);
  await tree.end(50);
  expect(await tree.living()).toEqual([]);
});

test("ends a chain of processes each of which starts the next and goes", async () => {
  // It would end by itself after some seconds, should it not be ended.
  const link = `exec 2>/dev/null; trap "" INT TERM; [ $(date +%s) -lt $UNTIL ] && (setsid sh -c "$LINK" &); sleep 0.01`;
  const deadline = Math.floor(Date.now() / 1_000) + 20;
  await using tree = await start('sh -c "$LINK"', 1, { LINK: link, UNTIL: String(deadline) });
  await tree.end(50);
  for (let look = 0; look < 50; look++) expect(await tree.living()).toEqual([]);
  expect(Date.now() / 1_000).toBeLessThan(deadline - 1);
});

test("ends what an earlier worker left behind, known by its mark alone", async () => {
  await using tree = await start("setsid sh -c 'sleep 30 & sleep 31' & exit 0", 3);
  await endProcesses({ mark: tree.mark, graceMs: 100 });
  expect(await tree.living()).toEqual([]);
});

test("ends a stopped process", async () => {
  await using tree = await start("sleep 30", 1);
  process.kill(tree.pid, "SIGSTOP");
  await tree.end(50);
  expect(await tree.living()).toEqual([]);
});

test("does not touch a process of another mark, nor one whose mark only begins alike", async () => {
  await using other = await start("exec sleep 30", 1);
  await endProcesses({ mark: other.mark.slice(0, -1), graceMs: 0 });
  await endProcesses({ mark: `${other.mark}x`, graceMs: 0 });
  expect(await other.living()).toEqual([other.pid]);
});

test("ends those whose marks are below its own, and not its neighbours", async () => {
  const mark = randomUUID();
  await using first = await start("setsid sleep 30 & sleep 30", 3, { AMPX_MARK: `${mark}:1` });
  await using second = await start("sleep 30; exit", 2, { AMPX_MARK: `${mark}:12` });
  expect(await markedProcesses(mark)).toHaveLength(5);
  await endProcesses({ mark: `${mark}:1`, graceMs: 100 });
  expect(await first.living()).toEqual([]);
  expect(await second.living()).toHaveLength(2);
  await endProcesses({ mark, graceMs: 100 });
  expect(await second.living()).toEqual([]);
});

test("does not touch a pid that is not a child of this process", async () => {
  await using other = await start("sh -c 'sleep 30' & wait", 2);
  const grandchild = (await other.living()).find((pid) => pid !== other.pid);
  await endProcesses({ pid: grandchild!, mark: randomUUID(), graceMs: 0 });
  expect(lives(grandchild!)).toBe(true);
});

test("never ends the process that ends the others, even when it carries the mark itself", async () => {
  const mark = randomUUID();
  const script = `import { endProcesses } from ${JSON.stringify(import.meta.resolve("./process-tree.ts"))};
    import { spawn } from "node:child_process";
    const child = spawn("sleep", ["30"], { stdio: "ignore" });
    child.on("exit", (code, signal) => console.log(signal));
    await endProcesses({ mark: process.env.AMPX_MARK, graceMs: 1000 });
    console.log("alive");`;
  // `exec` is not used: the shell above carries the mark as well, as an ancestor.
  const child = spawn(
    "sh",
    ["-c", '"$0" --input-type=module -e "$SCRIPT"; echo $?', process.execPath],
    {
      env: { ...process.env, AMPX_MARK: mark, SCRIPT: script },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  await new Promise((resolve) => child.on("close", resolve));
  expect(output).toBe("SIGINT\nalive\n0\n");
});

test("costs little when there is nothing to end", async () => {
  const mark = randomUUID();
  await endProcesses({ mark, graceMs: 5_000 });
  const begun = performance.now();
  for (let i = 0; i < 10; i++) await endProcesses({ mark, graceMs: 5_000 });
  expect((performance.now() - begun) / 10).toBeLessThan(100);
});

test("knows the processes of the machine by ps as well, where there is no /proc", async () => {
  await using tree = await start("sleep 30 & sleep 31", 3);
  const { all, marked } = await lookAtProcesses(tree.mark, { platform: "freebsd" });
  expect(all.get(tree.pid)?.parent).toBe(process.pid);
  expect(marked).toEqual(new Set(await tree.living()));
});

interface StartedTree extends AsyncDisposable {
  pid: number;
  mark: string;
  exited: Promise<unknown>;
  output(): string;
  living(): Promise<number[]>;
  end(graceMs?: number): Promise<void>;
}

/** Runs a script as an agent is run, and waits until this many processes of it live. */
async function start(
  script: string,
  processes: number,
  env: Record<string, string> = {},
): Promise<StartedTree> {
  const mark = env["AMPX_MARK"] ?? randomUUID();
  const child = spawn("sh", ["-c", script], {
    env: { PATH: process.env["PATH"], AMPX_MARK: mark, ...env },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  const exited = new Promise((resolve) => child.on("exit", resolve));
  const pid = child.pid!;
  const living = () => markedProcesses(mark);
  const tree: StartedTree = {
    pid,
    mark,
    exited,
    output: () => output,
    living,
    end: (graceMs = 100) => endProcesses({ pid, mark, graceMs }),
    async [Symbol.asyncDispose]() {
      await endProcesses({ pid, mark, graceMs: 0 });
      child.stdout.destroy();
      // The way out that does not depend on what is tested.
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    },
  };
  try {
    await until(async () => (await living()).length >= processes);
    return tree;
  } catch (error) {
    await tree[Symbol.asyncDispose]();
    throw error;
  }
}

/** The processes `sleep <seconds>` of one session. */
async function sleepers(session: number, seconds: string[]): Promise<number[]> {
  const rows = [...(await readProcesses()).values()].filter((row) => row.session === session);
  return rows
    .map(({ pid }) => pid)
    .filter((pid) => seconds.some((count) => commandLine(pid) === `sleep ${count}`));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
  } catch {
    // It has ended since.
    return "";
  }
}

function lives(pid: number): boolean {
  return commandLine(pid) !== "";
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error("it did not come to be within 10 s");
    await sleep(10);
  }
}
