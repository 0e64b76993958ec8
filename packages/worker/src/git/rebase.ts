import { UserError, type Sha } from "@ampx/core";
import type { RebaseResult } from "../ports.ts";
import { fetchBranches, withCopy } from "./bare-copy.ts";
import { gitFailure } from "./git-failure.ts";
import { git, tryGit, type GitCall } from "./git.ts";
import { closeJournal, journalRebase, undoRebase } from "./rebase-journal.ts";
import { returnToBranch } from "./return-to-branch.ts";
import { unfinishedOperation } from "./unfinished.ts";
import type { WorkspaceScope } from "./workspace.ts";
import { inWorktree, isWhole, mendWorktree } from "./worktree.ts";

/**
 * Puts the branch on top of the newest base: by a rebase where its history is a line, by a merge of the base where it holds merges already,
 * whose resolutions a rebase would lose. A conflict leaves the branch as it was, and so do a change that the base holds already and, once
 * this is called again, a crash.
 */
export async function rebase(scope: WorkspaceScope, signal: AbortSignal): Promise<RebaseResult> {
  const { copy, worktree, branch, base, identity, mark } = scope;
  const env = (await scope.credentials?.(signal)) ?? {};
  await withCopy(copy.dir, signal, () =>
    fetchBranches(copy.dir, { base, own: null }, { signal, mark, env }),
  );
  if (!(await isWhole(worktree)))
    throw new UserError(`The worktree ${worktree.path} is gone`, { kind: "not_found" });
  await mendWorktree(worktree, branch);
  const here: GitCall = {
    ...inWorktree(worktree),
    identity,
    mark,
    signal,
    config: ["core.fsync=committed", "core.fsyncMethod=batch"],
  };
  await undoRebase(worktree, branch, here);
  await refuseUncommitted(scope, here);
  await returnToBranch(scope, here);
  const tip = (
    await git(["rev-parse", "--verify", `refs/remotes/origin/${base}^{commit}`], here)
  ).trim();
  if ((await tryGit(["merge-base", "--is-ancestor", tip, "HEAD"], here)).code === 0) {
    if (await changesNothing(tip, here)) return { is: "empty", base: tip };
    return { is: "rebased", commit: await head(here), base: tip };
  }
  return ontoTip(scope, tip, here);
}

async function ontoTip(
  { worktree, branch, base }: WorkspaceScope,
  tip: Sha,
  here: GitCall,
): Promise<RebaseResult> {
  const merges =
    (await git(["rev-list", "--merges", "--max-count=1", `${tip}..HEAD`], here)) !== "";
  const before = await head(here);
  await journalRebase(worktree, tip, here);
  try {
    // Off the branch, which is moved only when it is known what comes of it.
    await git(["update-ref", "--no-deref", "-m", "ampx: rebase", "HEAD", before], here);
    const done = await tryGit(merges ? mergeOf(tip, base) : rebaseOnto(tip), here);
    if (done.code === 0) {
      if (await changesNothing(tip, here)) return { is: "empty", base: tip };
      const commit = await head(here);
      const ref = `refs/heads/${branch}`;
      await git(["update-ref", "-m", `ampx: onto ${base}`, ref, commit, before], here);
      await git(["symbolic-ref", "HEAD", ref], here);
      await closeJournal(worktree);
      return { is: "rebased", commit, base: tip };
    }
    const files = await conflictedFiles(here);
    if (files.length > 0) return { is: "conflict", base: tip, files };
    throw gitFailure([merges ? "merge" : "rebase"], {
      ...done,
      stderr: done.stderr || done.stdout,
    });
  } finally {
    // Also when nothing is left of the change, or the signal ended git in the middle: nobody may come back to this worktree for long.
    await mendWorktree(worktree, branch);
    await undoRebase(worktree, branch, { ...here, signal: AbortSignal.timeout(60_000) });
  }
}

/** By what the files hold: commits that undo each other, or are empty, are no change. */
async function changesNothing(tip: Sha, here: GitCall): Promise<boolean> {
  const trees = await git(["rev-parse", "--verify", `${tip}^{tree}`], here);
  return trees === (await git(["rev-parse", "--verify", "HEAD^{tree}"], here));
}

function rebaseOnto(tip: Sha): string[] {
  const settings = [
    "rebase.updateRefs=false",
    "rebase.autoSquash=false",
    "rebase.autoStash=false",
  ].flatMap((setting) => ["-c", setting]);
  return [
    ...settings,
    "rebase",
    "--quiet",
    "--merge",
    "--no-fork-point",
    "--no-stat",
    "--empty=drop",
    "--no-verify",
    tip,
  ];
}

function mergeOf(tip: Sha, base: string): string[] {
  return [
    "merge",
    "--quiet",
    "--no-ff",
    "--no-verify",
    "--no-stat",
    "--no-autostash",
    "-m",
    `Merge ${base}`,
    tip,
  ];
}

/** What a person or a later turn left behind: a rebase would carry it along or lose it. */
async function refuseUncommitted(
  { worktree, taskId }: WorkspaceScope,
  here: GitCall,
): Promise<void> {
  const changes = await git(
    ["status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty"],
    here,
  );
  const unfinished = await unfinishedOperation(worktree);
  if (changes === "" && unfinished === null) return;
  throw new UserError(
    `${worktree.path} holds ${unfinished === null ? "changes that are not committed" : `a ${unfinished} in progress`}`,
    {
      kind: "conflict",
      tryThis: `ampx continue ${taskId.slice(-6).toLowerCase()} -m "…" to have it finished and judged, or undo it`,
    },
  );
}

async function conflictedFiles(here: GitCall): Promise<string[]> {
  const listing = await git(["diff", "--name-only", "--diff-filter=U", "-z"], here);
  return [...new Set(listing.split("\0").filter((path) => path !== ""))];
}

async function head(here: GitCall): Promise<Sha> {
  return (await git(["rev-parse", "--verify", "HEAD^{commit}"], here)).trim();
}
