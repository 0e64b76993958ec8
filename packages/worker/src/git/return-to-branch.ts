import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError, type Sha } from "@ampx/core";
import { git, tryGit, type GitCall } from "./git.ts";
import { unfinishedOperation } from "./unfinished.ts";
import type { WorkspaceScope } from "./workspace.ts";

/**
 * Brings HEAD back to the task's branch after an agent detached it or went elsewhere. Where HEAD holds all that the branch holds, the branch
 * is moved to it; where it lags behind, the branch is checked out; the files' changes are kept in both. Throws a `UserError` where they parted.
 */
export async function returnToBranch(scope: WorkspaceScope, here: GitCall): Promise<void> {
  const ref = `refs/heads/${scope.branch}`;
  const at = await tryGit(["symbolic-ref", "--quiet", "HEAD"], here);
  const tip = await tipOf(ref, here);
  if (at.stdout.trim() === ref && tip !== null) return endBisect(scope, here);
  const head = await tipOf("HEAD", here);
  if (head === null) {
    if (tip === null)
      throw lost(scope, "on a branch without commits, and the task's branch is gone");
    return pointTo(scope, ref);
  }
  if (tip === null || (await contains(head, tip, here))) {
    await git(["update-ref", "-m", "ampx: taken along by HEAD", ref, head, tip ?? ""], here);
    return pointTo(scope, ref);
  }
  if (!(await contains(tip, head, here)))
    throw lost(scope, `at ${head.slice(0, 10)}, which does not contain the branch`);
  const back = await tryGit(["checkout", "--quiet", "--no-guess", scope.branch, "--"], here);
  if (back.code !== 0)
    throw lost(
      scope,
      `at ${head.slice(0, 10)}, an older commit, with changes that do not fit on the branch`,
    );
  await endBisect(scope, here);
}

async function tipOf(ref: string, here: GitCall): Promise<Sha | null> {
  const answer = await tryGit(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], here);
  return answer.stdout.trim() === "" ? null : answer.stdout.trim();
}

async function contains(newer: Sha, older: Sha, here: GitCall): Promise<boolean> {
  return (await tryGit(["merge-base", "--is-ancestor", older, newer], here)).code === 0;
}

/** Without touching index and files, which `checkout` would. */
async function pointTo({ worktree }: WorkspaceScope, ref: string): Promise<void> {
  await writeFile(join(worktree.adminDir, "HEAD"), `ref: ${ref}\n`);
}

async function endBisect({ worktree }: WorkspaceScope, here: GitCall): Promise<void> {
  if ((await unfinishedOperation(worktree)) === "bisect")
    await git(["bisect", "reset", "HEAD"], here);
}

function lost({ worktree, branch, taskId }: WorkspaceScope, where: string): UserError {
  return new UserError(`The agent left the worktree ${worktree.path} ${where}`, {
    kind: "conflict",
    tryThis: `ampx continue ${taskId.slice(-6).toLowerCase()} -m "put your work on the branch ${branch}"`,
  });
}
