import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { TransientError, UserError, type Instant, type Millis } from "@ampx/core";
import { fetchBranches, withCopy } from "./bare-copy.ts";
import { folderBytes } from "./folder-bytes.ts";
import { GitError } from "./git-failure.ts";
import { git, tryGit } from "./git.ts";
import { removeTree } from "./remove-tree.ts";
import { unpushedWork } from "./unpushed-work.ts";
import {
  isWhole,
  kindOf,
  nullIfAbsent,
  readRecord,
  worktreeOf,
  worktreesFolder,
  type Worktree,
} from "./worktree.ts";

export interface SweepOptions {
  home: string;
  /** Whether the task may still need its worktree. Asked again right before one is removed. */
  keep: (taskId: string) => "live" | "ended" | Promise<"live" | "ended">;
  /** Worktrees of ended tasks that nobody has touched for longer go. */
  maxAgeMs: Millis;
  /** While all worktrees together take more than this, those of ended tasks go, oldest first. */
  maxBytes: number;
  now: Instant;
  signal: AbortSignal;
  /** The environment by which git may reach a task's remote. */
  credentials?: (taskId: string) => Promise<Readonly<Record<string, string>>>;
}

export interface SweepResult {
  removed: { taskId: string; path: string; bytes: number; reason: "age" | "size" }[];
  /** What should have gone and did not, and why. */
  kept: { taskId: string; path: string; reason: string }[];
}

/** Removes worktrees by age and size: never a live task's, never one that holds work which is not on the remote. Local branches of removed ones go, too. */
export async function sweepWorktrees(options: SweepOptions): Promise<SweepResult> {
  const { home, maxAgeMs, maxBytes, now, signal } = options;
  const result: SweepResult = { removed: [], kept: [] };
  const worktrees = await survey(home);
  let total = worktrees.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { taskId, path, bytes, touched } of worktrees) {
    signal.throwIfAborted();
    const reason = now - touched > maxAgeMs ? "age" : total > maxBytes ? "size" : null;
    if (reason === null || (await options.keep(taskId)) === "live") continue;
    const obstacle = await remove(taskId, path, options);
    if (obstacle === null) {
      total -= bytes;
      result.removed.push({ taskId, path, bytes, reason });
    } else {
      result.kept.push({ taskId, path, reason: obstacle });
    }
  }
  await tidyCopies(home, signal);
  return result;
}

/** A worktree on its way out is renamed first, so that a crash never leaves half of one that looks whole. */
const leaving = ".leaving-";

async function survey(home: string) {
  const found: { taskId: string; path: string; bytes: number; touched: Instant }[] = [];
  for (const name of await namesIn(worktreesFolder(home))) {
    const path = join(worktreesFolder(home), name);
    if (name.startsWith(leaving)) await removeTree(path);
    else
      found.push({
        taskId: name,
        path,
        bytes: await folderBytes(path),
        touched: await lastTouched(home, path, name),
      });
  }
  return found.toSorted((a, b) => a.touched - b.touched);
}

/** The newest change of what git writes when somebody works there. */
async function lastTouched(home: string, path: string, taskId: string): Promise<Instant> {
  const copyDir = await copyDirOf(home, taskId);
  const adminDir = copyDir === null ? null : join(copyDir, "worktrees", taskId);
  const files =
    adminDir === null
      ? [path]
      : [path, ...["index", "HEAD", "ampx.json", "logs/HEAD"].map((file) => join(adminDir, file))];
  const times = await Promise.all(
    files.map(async (file) => (await stat(file).catch(nullIfAbsent))?.mtimeMs ?? 0),
  );
  return Math.max(...times);
}

/** Returns what stands in the way, or null when the worktree is gone. */
async function remove(taskId: string, path: string, options: SweepOptions): Promise<string | null> {
  const { home, keep, signal } = options;
  const copyDir = await copyDirOf(home, taskId);
  if (copyDir === null) return "it does not belong to a copy of a repository any more";
  const worktree = worktreeOf(home, copyDir, taskId);
  const out = join(worktreesFolder(home), leaving + taskId);
  const obstacle = await withCopy(copyDir, signal, async () => {
    if ((await keep(taskId)) === "live") return "its task goes on";
    const held = await lookInside(worktree, taskId, options);
    if (held.is === "kept") return held.reason;
    await rename(path, out);
    await rm(worktree.adminDir, { recursive: true, force: true });
    if (held.branch !== null)
      await tryGit(["update-ref", "-d", held.branch.ref, held.branch.tip], {
        cwd: copyDir,
        gitDir: copyDir,
        signal,
      });
    return null;
  });
  if (obstacle === null) await removeTree(out);
  return obstacle;
}

type Held =
  | { is: "kept"; reason: string }
  | { is: "free"; branch: { ref: string; tip: string } | null };

async function lookInside(
  worktree: Worktree,
  taskId: string,
  { signal, credentials }: SweepOptions,
): Promise<Held> {
  if (!(await isWhole(worktree))) return { is: "free", branch: null };
  const record = await readRecord(worktree);
  if (record === null) return { is: "kept", reason: "it is not known which branch it is of" };
  const here = { cwd: worktree.copyDir, gitDir: worktree.copyDir, signal };
  try {
    const env = (await credentials?.(taskId)) ?? {};
    const branches = { base: record.base, own: record.branch };
    await fetchBranches(worktree.copyDir, branches, { signal, env });
    const work = await unpushedWork(worktree, record, { signal });
    if (work !== null) return { is: "kept", reason: `it holds ${work}` };
  } catch (error) {
    if (
      !(error instanceof TransientError || error instanceof UserError || error instanceof GitError)
    )
      throw error;
    return { is: "kept", reason: `it is not known what the remote holds: ${error.message}` };
  }
  const ref = `refs/heads/${record.branch}`;
  const tip = (await tryGit(["rev-parse", "--verify", "--quiet", ref], here)).stdout.trim();
  return { is: "free", branch: tip === "" ? null : { ref, tip } };
}

/** The copy that a task's worktree hangs off. Not by its `.git` file, which an agent may have removed. */
async function copyDirOf(home: string, taskId: string): Promise<string | null> {
  for (const copyDir of await copiesIn(home)) {
    if ((await kindOf(join(copyDir, "worktrees", taskId))) === "folder") return copyDir;
  }
  return null;
}

async function copiesIn(home: string): Promise<string[]> {
  const names = await namesIn(join(home, "repos"));
  return names.filter((name) => name.endsWith(".git")).map((name) => join(home, "repos", name));
}

/** Background maintenance is off in the copies, so that no process outlives a command. What grew too much is packed here. */
async function tidyCopies(home: string, signal: AbortSignal): Promise<void> {
  for (const dir of await copiesIn(home)) {
    const call = { cwd: dir, gitDir: dir, signal, config: ["gc.auto=6700", "gc.autoDetach=false"] };
    await withCopy(dir, signal, () => git(["gc", "--auto", "--quiet"], call));
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(nullIfAbsent);
  return (entries ?? []).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
