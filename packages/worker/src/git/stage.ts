import { lstat, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@ampx/core";
import { git, tryGit, type GitCall } from "./git.ts";
import { unfinishedOperation } from "./unfinished.ts";
import { kindOf, nullIfAbsent, setAside, type Worktree } from "./worktree.ts";

/** A path that was not committed and still lies in the worktree. */
export interface LeftOut {
  path: string;
  reason: "too_big" | "foreign_repository";
}

/** What the large forges refuse. */
const maxFileBytes = 100 * 1024 * 1024;

/**
 * Stages everything that git does not ignore. Left out are new files over 100 MiB, and clones of other repositories, which git could only
 * record as a dangling link; a repository without a remote, as scaffolding tools make it, gives up its `.git` and its files are staged.
 * Throws a `UserError` for conflict markers in the middle of a rebase.
 */
export async function stage(worktree: Worktree, here: GitCall): Promise<LeftOut[]> {
  const changes = await readChanges(worktree, here);
  if (changes.length === 0) return [];
  await refuseConflicts(worktree, changes);
  const leftOut: LeftOut[] = [];
  for (const { code, path } of changes) {
    if (code !== "??") continue;
    const reason = await whyLeaveOut(worktree, path);
    if (reason !== null) leftOut.push({ path: path.replace(/\/$/, ""), reason });
  }
  const paths = [".", ...leftOut.map(({ path }) => `:(exclude,top,literal)${path}`)];
  await git(["add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"], {
    ...here,
    input: paths.join("\0"),
  });
  return leftOut;
}

interface Change {
  /** The two letters of `git status`. */
  code: string;
  /** A new repository inside the worktree ends with a slash. */
  path: string;
}

async function readChanges(worktree: Worktree, here: GitCall): Promise<Change[]> {
  const args = [
    "status",
    "--porcelain",
    "-z",
    "--no-renames",
    "--untracked-files=all",
    "--ignore-submodules=dirty",
  ];
  const first = await tryGit(args, here);
  if (first.code !== 0 && /index file|bad signature|bad index/i.test(first.stderr)) {
    // A power cut can leave half an index. It is rebuilt from HEAD; the files are what counts.
    await rm(join(worktree.adminDir, "index"), { force: true });
    await git(["read-tree", "HEAD"], here);
  }
  const listing = first.code === 0 ? first.stdout : await git(args, here);
  return listing
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => ({ code: entry.slice(0, 2), path: entry.slice(3) }));
}

/** To conclude a rebase would carry them from commit to commit. Anywhere else they are committed, and the gate finds them before a push. */
async function refuseConflicts(worktree: Worktree, changes: Change[]): Promise<void> {
  const operation = await unfinishedOperation(worktree);
  if (operation !== "rebase" && operation !== "am") return;
  const conflicted: string[] = [];
  for (const { code, path } of changes) {
    if (unmerged.has(code) && (await hasMarkers(join(worktree.path, path)))) conflicted.push(path);
  }
  if (conflicted.length === 0) return;
  throw new UserError(
    `The agent left a ${operation} with conflicts in ${conflicted.slice(0, 5).join(", ")}${conflicted.length > 5 ? ", …" : ""}`,
    {
      kind: "conflict",
      tryThis: `ampx continue ${worktree.taskId.slice(-6).toLowerCase()} -m "resolve the conflicts and finish the ${operation}"`,
    },
  );
}

const unmerged = new Set(["DD", "AU", "UD", "UA", "DU", "AA", "UU"]);

async function hasMarkers(file: string): Promise<boolean> {
  if ((await kindOf(file)) !== "file") return false;
  const text = await readFile(file, "latin1");
  return /^<{7} /m.test(text) && /^>{7} /m.test(text);
}

async function whyLeaveOut(worktree: Worktree, path: string): Promise<LeftOut["reason"] | null> {
  const full = join(worktree.path, path);
  if (!path.endsWith("/")) {
    const found = await lstat(full).catch(nullIfAbsent);
    return found !== null && found.isFile() && found.size > maxFileBytes ? "too_big" : null;
  }
  const gitFolder = join(full, ".git");
  if ((await kindOf(gitFolder)) !== "folder" || (await hasRemote(gitFolder)))
    return "foreign_repository";
  await setAside(worktree, gitFolder);
  return null;
}

async function hasRemote(gitFolder: string): Promise<boolean> {
  const file = join(gitFolder, "config");
  const config = (await kindOf(file)) === "file" ? await readFile(file, "utf8") : null;
  return config !== null && /^\s*\[remote /m.test(config);
}
