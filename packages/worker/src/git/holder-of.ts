import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { git, type GitCall } from "./git.ts";
import { nullIfAbsent } from "./worktree.ts";

/** The checkout that has a branch: at rest on it, or busy rebasing it (HEAD is detached meanwhile). */
export type Holder = { is: "at_rest" | "busy"; path: string };

/** Finds who has the branch checked out, among the main folder of a repository and its worktrees. */
export async function holderOf(ref: string, here: GitCall): Promise<Holder | null> {
  const listing = await git(["worktree", "list", "--porcelain"], here);
  for (const entry of listing.split("\n\n")) {
    const path = /^worktree (.*)$/m.exec(entry)?.[1];
    if (path === undefined || /^(bare|prunable)\b/m.test(entry)) continue;
    if (entry.split("\n").includes(`branch ${ref}`)) return { is: "at_rest", path };
    if (/^detached$/m.test(entry) && (await rebases(path, ref, here))) return { is: "busy", path };
  }
  return null;
}

async function rebases(path: string, ref: string, here: GitCall): Promise<boolean> {
  const gitDir = (
    await git(["rev-parse", "--absolute-git-dir"], { cwd: path, signal: here.signal })
  ).trim();
  for (const folder of ["rebase-merge", "rebase-apply"]) {
    const name = await readFile(join(gitDir, folder, "head-name"), "utf8").catch(nullIfAbsent);
    if (name?.trim() === ref) return true;
  }
  return false;
}
