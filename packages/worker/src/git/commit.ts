import { UserError } from "@ampx/core";
import type { BranchContent, CommitMessage } from "../ports.ts";
import { ensureCopy, fetchBranches, withCopy } from "./bare-copy.ts";
import { branchContent } from "./branch-content.ts";
import { messageText } from "./commit-message.ts";
import { git, tryGit, type GitCall } from "./git.ts";
import { mendBranch } from "./mend-branch.ts";
import { refuseOwnPush } from "./own-push.ts";
import { returnToBranch } from "./return-to-branch.ts";
import { stage } from "./stage.ts";
import { removeStrays } from "./stray-branches.ts";
import { unfinishedOperation } from "./unfinished.ts";
import type { WorkspaceScope } from "./workspace.ts";
import { inWorktree, isWhole, mendWorktree } from "./worktree.ts";

export type { LeftOut } from "./stage.ts";

/**
 * Commits what an agent left, on top of what it committed by itself, and says what the branch holds. What the agent began and did not end is
 * ended for it where that needs no judgement: a merge or a resolved rebase is concluded, a HEAD that strayed forward takes the branch along.
 * Throws a `UserError` where it needs some: a rebase amid conflict markers, a history that left the branch behind.
 */
export async function commit(
  scope: WorkspaceScope,
  message: CommitMessage,
  signal: AbortSignal,
): Promise<BranchContent> {
  const { copy, worktree, branch, base, identity, mark } = scope;
  if (!(await isWhole(worktree))) {
    throw new UserError(`The worktree ${worktree.path} is gone`, {
      kind: "not_found",
      tryThis: `ampx continue ${scope.taskId.slice(-6).toLowerCase()}: it is made anew from the branch, with what was committed there`,
    });
  }
  const notes = await withCopy(copy.dir, signal, () =>
    ensureCopy(copy, identity, { signal, mark }),
  );
  await mendWorktree(worktree, branch);
  // What a power cut may take is what has not reached the disk: the commit is recorded as done right after this.
  const here: GitCall = {
    ...inWorktree(worktree),
    identity,
    mark,
    signal,
    config: ["core.fsync=committed", "core.fsyncMethod=batch"],
  };
  notes.push(...(await mendBranch(scope, here)));
  const leftOut = await stage(worktree, here);
  const begun = await unfinishedOperation(worktree);
  if (begun === "rebase" || begun === "am") await concludeRebase(scope, begun, here);
  await returnToBranch(scope, here);
  if (begun === "merge" || (await somethingIsStaged(here))) {
    const args = [
      "commit",
      "--quiet",
      "--no-verify",
      "--allow-empty",
      "--cleanup=verbatim",
      "--file=-",
    ];
    await git(args, { ...here, input: messageText(message) });
  }
  if (begun === "cherry-pick" || begun === "revert") await git([begun, "--quit"], here);
  notes.push(...(await removeStrays(scope, here)), ...(await rewritten(scope, here)));
  // An agent can move any ref of the copy: what the change is held against is what the remote has.
  const env = (await scope.credentials?.(signal)) ?? {};
  await withCopy(copy.dir, signal, () =>
    fetchBranches(copy.dir, { base, own: null }, { signal, mark, env }),
  );
  await refuseOwnPush(scope, here);
  return { ...(await branchContent(here, `refs/remotes/origin/${base}`)), leftOut, notes };
}

async function rewritten({ pushed, branch }: WorkspaceScope, here: GitCall): Promise<string[]> {
  if (pushed === null) return [];
  const held = await tryGit(["merge-base", "--is-ancestor", pushed, "HEAD"], here);
  return held.code === 0
    ? []
    : [`the agent has taken ${pushed.slice(0, 10)}, which is pushed, back out of ${branch}`];
}

/** Its conflicts are resolved and staged. Later steps may conflict anew: those are the agent's to resolve. */
async function concludeRebase(
  { worktree, taskId }: WorkspaceScope,
  operation: "rebase" | "am",
  here: GitCall,
): Promise<void> {
  for (let steps = 0; steps < 50; steps++) {
    const next = await tryGit([operation, "--continue"], here);
    if ((await unfinishedOperation(worktree)) !== operation) return;
    if (next.code !== 0) break;
  }
  throw new UserError(
    `The agent left a ${operation} unfinished in ${worktree.path}, and it does not go on by itself`,
    {
      kind: "conflict",
      tryThis: `ampx continue ${taskId.slice(-6).toLowerCase()} -m "finish the ${operation}, or abort it"`,
    },
  );
}

async function somethingIsStaged(here: GitCall): Promise<boolean> {
  const answer = await tryGit(["diff-index", "--cached", "--quiet", "HEAD"], here);
  if (answer.code === 0 || answer.code === 1) return answer.code === 1;
  await git(["diff-index", "--cached", "--quiet", "HEAD"], here);
  return false;
}
