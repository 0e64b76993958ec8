import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { tryGit } from "../git/git.ts";
import { inWorktree, kindOf, nullIfAbsent, worktreeOf, type Worktree } from "../git/worktree.ts";
import type { AccessPlan } from "./access-plan.ts";

/**
 * Lets the git of an agent commit in its worktree and nothing more. It adds objects to the bare copy, and writes what belongs to the
 * worktree alone; the copy's config, hooks and branches, other tasks' worktrees and what is packed already stay as they are.
 * As no branch can be moved, HEAD is detached: ampx takes the branch along when it commits. Does nothing for a folder of another kind.
 */
export async function allowGit(
  plan: AccessPlan,
  { home, cwd }: { home: string; cwd: string },
  call: { mark: string; signal: AbortSignal },
): Promise<void> {
  const worktree = await findWorktree(home, cwd);
  if (worktree === null) return;
  const { copyDir, adminDir } = worktree;
  await detachHead(worktree, call);
  // To end a rebase git must be able to lock what it then finds it need not change; the lock is all that can be made here.
  await plan.set("scratch", [copyDir]);
  const entries = await readdir(copyDir);
  await plan.set(
    "readable",
    entries.map((name) => join(copyDir, name)),
  );
  await plan.set("hidden", [join(copyDir, "worktrees")]);
  await plan.set("writable", [join(copyDir, "objects"), adminDir]);
  await plan.set("readable", [
    // All that was fetched. Found before loose objects of the same name, so none of those can be passed off as it.
    join(copyDir, "objects/pack"),
    // May name folders with more objects.
    join(copyDir, "objects/info"),
    // By these git, also that of ampx, finds config and hooks.
    join(adminDir, "commondir"),
    join(adminDir, "gitdir"),
    join(adminDir, "ampx.json"),
  ]);
}

/** By its place and name: what the agent could have written is not asked. */
async function findWorktree(home: string, cwd: string): Promise<Worktree | null> {
  const repos = join(home, "repos");
  const copies = (await readdir(repos).catch(nullIfAbsent)) ?? [];
  for (const name of copies.filter((entry) => entry.endsWith(".git"))) {
    const worktree = worktreeOf(home, join(repos, name), basename(cwd));
    if (worktree.path === cwd && (await kindOf(worktree.adminDir)) === "folder") return worktree;
  }
  return null;
}

async function detachHead(
  worktree: Worktree,
  call: { mark: string; signal: AbortSignal },
): Promise<void> {
  const here = { ...inWorktree(worktree), ...call };
  const { stdout } = await tryGit(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], here);
  // On a branch without commits: what the agent commits there fails, and ampx commits it.
  if (stdout.trim() === "") return;
  await tryGit(["update-ref", "--no-deref", "HEAD", stdout.trim()], here);
}
