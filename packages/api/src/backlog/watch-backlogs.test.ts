import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { backlogStage, filesBelow } from "./backlog-fixture.ts";
import { backlogOwner } from "./backlog-owner.ts";
import { type BacklogWatch, watchBacklogs } from "./watch-backlogs.ts";
import { allFiled, startWatching, takers } from "./watching-processes-fixture.ts";

const hour = 3_600_000;

describe("a server that watches", () => {
  test("takes a file when the system tells of it, long before the next scan", async () => {
    await using stage = await backlogStage();
    await using watch = watching(stage.folder, { scanMs: hour });
    await watch.hasScanned();
    // The first may be written before the system watches.
    while (watch.taken.length === 0) {
      await stage.put("a.yaml");
      await sleep(100);
    }
    await stage.put("b.yaml");
    await until(() => watch.taken.includes("shop backlog/b.yaml text of b.yaml"));
    await allFiled(stage.folder);
    expect(await filesBelow(stage.folder)).toContain("processed/b.yaml");
    expect(watch.reports).toEqual([]);
  });

  test("finds by its scans what is there already, folders that come later, and projects that come later", async () => {
    await using stage = await backlogStage();
    const later = join(stage.outer, "later/backlog");
    await stage.put("a.yaml");
    const folders = [{ project: "shop", folder: stage.folder }];
    await using watch = watching(stage.folder, { folders: async () => folders });
    await until(() => watch.taken.length === 1);
    folders.push({ project: "later", folder: later });
    await watch.hasScanned();
    for (let round = 1; round <= 2; round++) {
      await mkdir(later, { recursive: true });
      await writeFile(join(later, "b.yaml"), `${round}`);
      await until(() => watch.taken.length === 1 + round);
      await allFiled(later);
      await rm(later, { recursive: true });
      await watch.hasScanned();
    }
    expect(watch.taken).toEqual([
      "shop backlog/a.yaml text of a.yaml",
      "later backlog/b.yaml 1",
      "later backlog/b.yaml 2",
    ]);
  });

  test("goes on when the projects cannot be read for a while, and says so once", async () => {
    await using stage = await backlogStage();
    let scans = 0;
    await using watch = watching(stage.folder, {
      folders: async () => {
        if (++scans < 4) throw new Error("projects.yaml is broken");
        return [{ project: "shop", folder: stage.folder }];
      },
    });
    await stage.put("a.yaml");
    await until(() => watch.taken.length === 1);
    expect(watch.reports).toEqual(["backlogs cannot be looked at: Error: projects.yaml is broken"]);
  });
});

test("of fifty files and two servers of two homes each file is taken by one and moved once", async () => {
  await using stage = await backlogStage();
  const log = join(stage.outer, "log");
  const names = Array.from({ length: 50 }, (_, at) => `t${at}.yaml`);
  {
    await using _one = startWatching(stage.folder, "home-1", log);
    await using _two = startWatching(stage.folder, "home-2", log);
    for (const name of names) {
      await stage.put(name, name);
      await sleep(1);
    }
    await allFiled(stage.folder);
  }
  expect(await filesBelow(stage.folder)).toEqual(
    names.map((name) => `processed/${name}`).toSorted(),
  );
  const lines = (await readFile(log, "utf8")).trim().split("\n");
  expect(lines.map((line) => line.replace(/^.* /, "")).toSorted()).toEqual(names.toSorted());
});

test("a server that is killed after it took a file has it filed away by the next one of its home", async () => {
  await using stage = await backlogStage();
  const log = join(stage.outer, "log");
  await stage.put("a.yaml", "good");
  // Three folders and one for the file, the rename, the taking; then the file would get its new name.
  await using doomed = startWatching(stage.folder, "home-1", log, 7);
  expect(await doomed.exited).toBe("SIGKILL");
  expect(await takers(log)).toEqual(["home-1 good"]);
  expect(await stage.files()).toEqual([expect.stringMatching(/^\.taking\/home-1\/.*\/a\.yaml$/)]);
  await using _other = startWatching(stage.folder, "home-2", log);
  await using _next = startWatching(stage.folder, "home-1", log);
  await allFiled(stage.folder);
  expect(await stage.files()).toEqual(["processed/a.yaml"]);
  expect(await takers(log)).toEqual(["home-1 good"]);
});

test("a home keeps its name, which all who ask at once are given", async () => {
  await using stage = await backlogStage();
  const file = join(stage.outer, "owner");
  const names = new Set(await Promise.all(Array.from({ length: 10 }, () => backlogOwner(file))));
  expect(names.size).toBe(1);
  expect(await backlogOwner(file)).toBe([...names][0]);
  await writeFile(file, "");
  await expect(backlogOwner(file)).rejects.toThrow("does not name a home");
});

function watching(folder: string, options: Partial<BacklogWatch>) {
  const ended = new AbortController();
  const taken: string[] = [];
  const reports: string[] = [];
  const bells = new Set<() => void>();
  const folders = options.folders ?? (async () => [{ project: "shop", folder }]);
  const done = watchBacklogs(
    {
      owner: "home-1",
      take: async (project, file, bytes) => {
        taken.push(`${project} ${file} ${new TextDecoder().decode(bytes)}`);
        return { is: "taken" };
      },
      scanMs: 50,
      settleMs: 20,
      report: (message) => reports.push(message),
      ...options,
      folders: async () => {
        for (const ring of bells) ring();
        bells.clear();
        return folders();
      },
    },
    ended.signal,
  );
  return {
    taken,
    reports,
    /** Resolves once two more scans have begun, so that one is complete. */
    async hasScanned() {
      for (let scan = 0; scan < (options.scanMs === hour ? 0 : 2); scan++)
        await new Promise<void>((resolve) => bells.add(resolve));
    },
    async [Symbol.asyncDispose]() {
      ended.abort();
      await done;
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10);
}
