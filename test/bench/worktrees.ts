import { execFile } from "node:child_process";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gitWorkspace, resolveRepository } from "@ampx/worker/git/index";
import { compare } from "./compare.ts";
import type { Figure } from "./figure.ts";
import type { Finding } from "./finding.ts";
import { git, makeRepository } from "./large-repository.ts";
import { benchEnvironment } from "./served-home.ts";

const files = 20_000;
const count = 20;

/** Twenty tasks on one large repository: each has a worktree of its own, and the objects are there once. */
export const worktrees: Figure = {
  name: "worktrees",
  async run(folder, signal) {
    const repo = makeRepository(folder, files);
    const ours = await preparedSide(folder, repo, signal);
    const bare = bareSide(folder, repo, signal);
    await bare.add();
    const before = await bytesOf(ours.objects);
    const speed = await compare(
      {
        what: `a worktree of ${files.toLocaleString("en")} files, ${count} off one copy`,
        unit: "ms",
        baseline: "git worktree add",
        target: { is: "ratio", of: "median", atMost: 1.2 },
      },
      count,
      { measured: ours.add, baseline: bare.add },
    );
    return [speed, await objectsFinding(ours, before)];
  },
};

interface Side {
  /** Adds one more and returns the ms that it took. Once there are more than {@link count}, it begins with none. */
  add(): Promise<number>;
}

async function preparedSide(
  folder: string,
  repo: string,
  signal: AbortSignal,
): Promise<Side & { home: string; objects: string }> {
  const home = join(folder, "home");
  const repository = await resolveRepository(repo, { cwd: folder });
  const workspaceOf = (n: number) =>
    gitWorkspace({
      home,
      repository,
      taskId: `01K${String(n).padStart(23, "0")}`,
      base: "main",
      branch: `amp/task-${n}`,
      pushed: null,
      identity: { name: "Bench", email: "bench@example.org" },
      mark: `bench-${n}`,
    });
  const kept = keptFolders();
  let next = 0;
  const add = async () => {
    const workspace = workspaceOf(next++);
    await kept.makeRoom(workspace.path);
    const startedAt = performance.now();
    await workspace.prepare(signal);
    return performance.now() - startedAt;
  };
  // The first one makes the copy.
  await add();
  const copy = (await readdir(join(home, "repos"))).find((name) => name.endsWith(".git"));
  if (copy === undefined) throw new Error("there is no copy");
  return { add, home, objects: join(home, "repos", copy, "objects") };
}

function bareSide(folder: string, repo: string, signal: AbortSignal): Side {
  const copy = join(folder, "copy.git");
  git(folder, "init", "--quiet", "--bare", copy);
  git(copy, "config", "gc.auto", "0");
  git(copy, "fetch", "--quiet", repo, "+refs/heads/main:refs/remotes/origin/main");
  const kept = keptFolders();
  let next = 0;
  return {
    async add() {
      const n = next++;
      const path = join(folder, "worktrees", String(n));
      await kept.makeRoom(path);
      // The worker checks out with all cores, so git alone does, too.
      const args = ["-c", "checkout.workers=0", "worktree", "add", "--quiet", "--no-track"];
      args.push("-b", `task-${n}`, path, "refs/remotes/origin/main");
      const startedAt = performance.now();
      await promisify(execFile)("git", args, {
        cwd: copy,
        env: benchEnvironment(folder, folder),
        signal,
      });
      return performance.now() - startedAt;
    },
  };
}

/** A round that is repeated finds as few worktrees as the first. */
function keptFolders(): { makeRoom(next: string): Promise<void> } {
  const all: string[] = [];
  return {
    async makeRoom(next) {
      if (all.length > count)
        for (const path of all.splice(0)) await rm(path, { recursive: true, force: true });
      all.push(next);
    },
  };
}

/** Throws when a worktree has objects of its own. */
async function objectsFinding(
  { home, objects }: { home: string; objects: string },
  before: number,
): Promise<Finding> {
  const copy = join(objects, "..");
  for (const id of await readdir(join(home, "worktrees"))) {
    const pointer = await stat(join(home, "worktrees", id, ".git"));
    if (!pointer.isFile()) throw new Error(`${id} is a repository of its own`);
    const own = await readdir(join(copy, "worktrees", id));
    if (own.includes("objects")) throw new Error(`${id} has objects of its own`);
  }
  return {
    what: `the objects of the copy after ${count} worktrees`,
    unit: "MB",
    rounds: [{ measured: [(await bytesOf(objects)) / 1e6], baseline: [before / 1e6] }],
    baseline: "before them",
    target: { is: "ratio", of: "median", atMost: 1.01 },
  };
}

async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
