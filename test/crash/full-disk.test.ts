import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TaskState } from "@ampx/core";
import { expect, test } from "vitest";
import { keptRefs } from "../world/kept-refs.ts";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld, type World } from "../world/world.ts";

// An agent that fills the disk, which here is a small one in memory.

const run = promisify(execFile);
const good = [{ write: "answer", content: "42\n" }, { say: "It is 42." }];
const canMount = await isRootHere();
if (!canMount) console.warn("A full disk is not tested: it takes root to mount one.");

test.skipIf(!canMount)(
  "a task whose work does not fit on the disk says so, waits, and goes on when there is room",
  async () => {
    await using world = await makeWorld({
      turns: [good],
      cases: [
        {
          when: "Fill it.",
          // Big, and not to be compressed.
          turns: [
            [
              { run: "head -c 12000000 /dev/urandom > big.dat; echo 42 > answer" },
              { say: "It is 42." },
            ],
          ],
        },
      ],
      config: { gate: { big_files_added: "allow" } },
    });
    await using disk = await mountDisk(join(world.home, "repos"), "8m");
    await world.startWorker();
    const first = await world.createTask();
    await restsIn(world, first, "ready");
    const before = await keptRefs(world);

    const id = await world.createTask({}, "Fill it.");
    const { waitingFor, state } = await world.until(
      id,
      (row) => row.waitingFor?.includes("space") === true,
    );
    expect(waitingFor).toMatch(/^another try: git: .*No space left on device$/);
    expect(state.spent.attempts).toBe(1);
    await disk.grow("64m");
    await restsIn(world, id, "ready");
    await restsIn(world, await world.createTask(), "ready");
    expect(await keptRefs(world)).toEqual(before);
  },
);

test.skipIf(!canMount)(
  "when nothing at all fits on the disk, all tasks go on once there is room",
  async () => {
    const outer = tmpdir();
    await using disk = await mountDisk(join(outer, "disk"), "32m");
    process.env["TMPDIR"] = disk.path;
    await using world = await makeWorld({
      turns: [good],
      cases: [
        {
          when: "Fill it.",
          turns: [
            [
              { write: "answer", content: "42\n" },
              {
                run: "[ -e ../../../full ] || { touch ../../../full; cat /dev/zero > ../../../filler; }",
              },
              { say: "It is 42." },
            ],
          ],
        },
      ],
    });
    process.env["TMPDIR"] = outer;
    await world.startWorker({ WORLD_LEASE_MS: "1000" });
    const id = await world.createTask({}, "Fill it.");
    await waitFor("the disk to be full", () => disk.isFull());
    await rm(join(world.root, "filler"));
    await restsIn(world, id, "ready");
    await restsIn(world, await world.createTask(), "ready");
  },
);

interface Disk extends AsyncDisposable {
  path: string;
  grow(size: string): Promise<unknown>;
  isFull(): Promise<boolean>;
}

/** Mounts a disk of this size, such as `8m`, on a folder that it makes. */
async function mountDisk(path: string, size: string): Promise<Disk> {
  await mkdir(path, { recursive: true });
  await run("mount", ["-t", "tmpfs", "-o", `size=${size}`, "ampx-test", path]);
  return {
    path,
    grow: (to) => run("mount", ["-o", `remount,size=${to}`, path]),
    async isFull() {
      const { stdout } = await run("df", ["--output=avail", path]);
      return Number(stdout.split("\n")[1]) === 0;
    },
    async [Symbol.asyncDispose]() {
      // Lazily: what still has a file open there must not keep the folder.
      await run("umount", ["--lazy", path]);
      await rm(path, { recursive: true });
    },
  };
}

async function isRootHere(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  try {
    await using _disk = await mountDisk(join(tmpdir(), "disk"), "1m");
    return true;
  } catch {
    // A container may forbid it to root, too.
    await rm(join(tmpdir(), "disk"), { recursive: true, force: true });
    return false;
  }
}

function restsIn(world: World, id: string, name: TaskState["phase"]["name"]) {
  return world.until(
    id,
    ({ state, leaseHolder }) => state.phase.name === name && leaseHolder === null,
  );
}
