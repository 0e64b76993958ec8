import { UserError } from "@ampx/core";
import { git, tryGit, type GitCall } from "./git.ts";
import { headLog } from "./head-log.ts";
import type { WorkspaceScope } from "./workspace.ts";
import { readRecord } from "./worktree.ts";

/**
 * Throws a `UserError` when the base, fetched just now, has got commits since the turn began that were made in this worktree and that ampx has
 * not pushed: an agent that knows the repository's address and may write to it has gone past the gate and CI.
 */
export async function refuseOwnPush(
  { worktree, base, branch, taskId, pushed, repository }: WorkspaceScope,
  here: GitCall,
): Promise<void> {
  const before = (await readRecord(worktree))?.tip;
  const ref = `refs/remotes/origin/${base}`;
  const now = (await git(["rev-parse", "--verify", ref], here)).trim();
  if (before === undefined || before === now) return;
  const moves = await headLog(worktree);
  const made = new Set(
    moves.filter(({ message }) => message.startsWith("commit")).map(({ to }) => to),
  );
  const own = `refs/remotes/origin/${branch}`;
  const isPushed = (await tryGit(["rev-parse", "--verify", "--quiet", own], here)).code === 0;
  const known = [before, ...(pushed === null ? [] : [pushed]), ...(isPushed ? [own] : [])];
  // It fails where the base was replaced and its old commits are gone: then nothing can be told.
  const news = await tryGit(["rev-list", "--max-count=1000", now, "--not", ...known], here);
  const arrived = news.stdout.split("\n").find((commit) => made.has(commit));
  if (arrived === undefined) return;
  throw new UserError(
    `The agent itself pushed ${arrived.slice(0, 10)} to ${base} of ${repository.url}, past the gate and CI`,
    {
      kind: "conflict",
      tryThis: `look at it there and take it back if it is wrong, then ampx continue ${taskId.slice(-6).toLowerCase()}, or abort the task`,
    },
  );
}
