import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { tryGit, git, type GitCall } from "./git.ts";
import { headLog, isNoCommit } from "./head-log.ts";
import type { WorkspaceScope } from "./workspace.ts";
import { nullIfAbsent } from "./worktree.ts";

/**
 * Puts the task's branch back to where its own worktree has left it, when it is gone or was moved from elsewhere: all worktrees of a copy
 * share its branches, so that the agent of another task can reach it. Says what was done, in words for people.
 */
export async function mendBranch(
  { worktree, branch }: WorkspaceScope,
  here: GitCall,
): Promise<string[]> {
  const ref = `refs/heads/${branch}`;
  const head = await readFile(join(worktree.adminDir, "HEAD"), "utf8").catch(nullIfAbsent);
  // On its way elsewhere, or detached: HEAD itself says where the work is.
  if (head?.trim() !== `ref: ${ref}`) return [];
  const last = (await headLog(worktree)).at(-1);
  const wanted = last === undefined || !isNoCommit(last.to) ? last?.to : last.from;
  if (wanted === undefined || isNoCommit(wanted)) return [];
  const found = await tryGit(["rev-parse", "--verify", "--quiet", ref], here);
  const tip = found.stdout.trim();
  if (tip === wanted) return [];
  if ((await tryGit(["cat-file", "-e", `${wanted}^{commit}`], here)).code !== 0) return [];
  await git(["update-ref", "-m", "ampx: put back", ref, wanted], here);
  return [
    tip === ""
      ? `the branch ${branch} was gone, and is back at ${short(wanted)}`
      : `the branch ${branch} was moved from outside of its worktree to ${short(tip)}, and is back at ${short(wanted)}`,
  ];
}

function short(sha: string): string {
  return sha.slice(0, 10);
}
