import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { git, tryGit, type GitCall } from "./git.ts";
import { headLog } from "./head-log.ts";
import type { WorkspaceScope } from "./workspace.ts";
import { nullIfAbsent, readRecord, worktreeOf, type Worktree } from "./worktree.ts";

/**
 * Removes the branches that the agent went to on its way, such as a local `main`, from the copy, where other tasks would meet them with this
 * one's work on them. One whose commits are not all on the task's branch stays. Says what was done, in words for people.
 */
export async function removeStrays(scope: WorkspaceScope, here: GitCall): Promise<string[]> {
  const visited = new Set(
    (await headLog(scope.worktree)).flatMap(({ message }) => goesTo(message)),
  );
  visited.delete(scope.branch);
  if (visited.size === 0) return [];
  const listing = await git(
    ["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads"],
    here,
  );
  const taken = await takenBranches(scope.worktree);
  const notes: string[] = [];
  for (const [, tip = "", name = ""] of listing.matchAll(/^(\S+) refs\/heads\/(.+)$/gm)) {
    if (!visited.has(name) || taken.has(name)) continue;
    const isHeld = (await tryGit(["merge-base", "--is-ancestor", tip, "HEAD"], here)).code === 0;
    if (isHeld) await tryGit(["update-ref", "-d", `refs/heads/${name}`, tip], here);
    notes.push(
      isHeld
        ? `the agent made the branch ${name}: its commits are on ${scope.branch}, and it is gone`
        : `the agent left commits on the branch ${name}, which ampx does not push`,
    );
  }
  return notes;
}

function goesTo(message: string): string[] {
  const [, from, to] =
    /^checkout: moving from (\S+) to (\S+)$/.exec(message) ??
    /^Branch: renamed refs\/heads\/(\S+) to refs\/heads\/(\S+)$/.exec(message) ??
    [];
  return [from, to].filter((name) => name !== undefined);
}

/** Branches of tasks, and those that are checked out. */
async function takenBranches({ copyDir, path, taskId }: Worktree): Promise<Set<string>> {
  const taken = new Set<string>();
  const home = join(path, "../..");
  for (const id of (await readdir(join(copyDir, "worktrees")).catch(nullIfAbsent)) ?? []) {
    const other = worktreeOf(home, copyDir, id);
    const record = await readRecord(other);
    if (record !== null) taken.add(record.branch);
    if (id === taskId) continue;
    const head = await readFile(join(other.adminDir, "HEAD"), "utf8").catch(nullIfAbsent);
    const name = /^ref: refs\/heads\/(.+)$/m.exec(head ?? "")?.[1];
    if (name !== undefined) taken.add(name);
  }
  return taken;
}
