import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { backlogStage, filesBelow } from "./backlog-fixture.ts";
import { allFiled, startWatching, takers } from "./watching-processes-fixture.ts";

test("a server that is killed at any of its deeds leaves files that its home files away once, beside the server of another home", async () => {
  let killed = 0;
  let deed = 1;
  const lane = async () => {
    for (;;) {
      if (!(await killedAt(deed++))) return;
      killed++;
    }
  };
  await Promise.all([lane(), lane()]);
  // Three folders, and for each file its claim, its taking, its new name, its old one and the claim's end.
  expect(killed).toBeGreaterThan(15);
}, 600_000);

const canMount = await isRootHere();
if (!canMount) console.warn("A full or read-only disk is not tested: it takes root to mount one.");

test.skipIf(!canMount)(
  "a read-only disk is said once, and nothing is taken until it can be written",
  async () => {
    await using stage = await backlogStage();
    await using disk = await mountDisk(stage.folder, "size=1m");
    await stage.put("a.yaml");
    await disk.remount("ro");
    const server = stage.server();
    for (let at = 0; at < 5; at++) await stage.settled(server);
    expect(stage.taken).toEqual([]);
    expect(stage.reports).toEqual(["a.yaml cannot be taken: the file system is read-only (EROFS)"]);
    await disk.remount("rw");
    await stage.settled(server);
    expect(await stage.files()).toEqual(["processed/a.yaml"]);
  },
);

test.skipIf(!canMount)(
  "a disk that is full before a file is taken, or after it, is said once, and the ticket is taken once",
  async () => {
    await using stage = await backlogStage();
    await using _disk = await mountDisk(stage.folder, "size=1m,nr_inodes=20");
    await stage.put("a.yaml");
    const server = stage.server();
    const fill = async () => {
      for (let at = 0; at < 20; at++) await stage.put(`filler-${at}`, "").catch(() => {});
    };
    const free = async () => {
      for (let at = 0; at < 20; at++) await rm(join(stage.folder, `filler-${at}`), { force: true });
    };
    await fill();
    for (let at = 0; at < 5; at++) await stage.settled(server);
    expect(stage.taken).toEqual([]);
    expect(stage.reports.splice(0)).toEqual(["a.yaml cannot be taken: the disk is full (ENOSPC)"]);
    await free();
    stage.answer = async () => {
      await fill();
      return { is: "taken" };
    };
    for (let at = 0; at < 5; at++) {
      stage.now += 80_000;
      await stage.settled(server);
    }
    expect(stage.taken).toHaveLength(1);
    expect(stage.reports).toEqual([
      "a.yaml is taken, but cannot be filed away: the disk is full (ENOSPC). It is tried again",
    ]);
    await free();
    stage.now += 80_000;
    await stage.settled(server);
    expect(await stage.files()).toEqual(["processed/a.yaml"]);
    expect(stage.taken).toHaveLength(1);
  },
);

/** Mounts a small disk in memory on a folder that is there. */
async function mountDisk(path: string, options: string) {
  const run = promisify(execFile);
  await run("mount", ["-t", "tmpfs", "-o", options, "ampx-test", path]);
  return {
    remount: (how: string) => run("mount", ["-o", `remount,${how}`, path]),
    [Symbol.asyncDispose]: async () => void (await run("umount", ["--lazy", path])),
  };
}

async function isRootHere(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const folder = await mkdtemp(join(tmpdir(), "disk-"));
  try {
    await using _disk = await mountDisk(folder, "size=1m");
    return true;
  } catch {
    // A container may forbid it to root, too.
    return false;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Returns whether it came to that deed. */
async function killedAt(killAt: number): Promise<boolean> {
  await using stage = await backlogStage();
  const log = join(stage.outer, "log");
  await stage.put("bad.yaml", "bad");
  await stage.put("good.yaml", "good");
  {
    await using doomed = startWatching(stage.folder, "home-1", log, killAt);
    // One scan after the last file is filed away there may be deeds still.
    const end = await allFiled(stage.folder, doomed.exited);
    if (end === "filed" && (await Promise.race([doomed.exited, sleep(500, "alive")])) === "alive")
      return false;
    expect(await doomed.exited, `${killAt}`).toBe("SIGKILL");
  }
  {
    await using _second = startWatching(stage.folder, "home-1", log);
    await using _other = startWatching(stage.folder, "home-2", log);
    await allFiled(stage.folder);
  }
  expect(await filesBelow(stage.folder), `${killAt}`).toEqual([
    "processed/good.yaml",
    "rejected/bad.yaml",
    "rejected/bad.yaml.error.txt",
  ]);
  const both = (await takers(log)).map((line) => line.replace(/^.* /, ""));
  expect(both.toSorted(), `${killAt}`).toEqual(["bad", "good"]);
  return true;
}
