import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError, type Sha } from "@ampx/core";
import { ensureCopy, fetchBranches, pastStaleLocks, withCopy } from "./bare-copy.ts";
import { git, tryGit } from "./git.ts";
import { mendBranch } from "./mend-branch.ts";
import { resolveBranch } from "./resolve-branch.ts";
import type { WorkspaceScope } from "./workspace.ts";
import {
  discardRemains,
  inWorktree,
  isWhole,
  mendWorktree,
  readRecord,
  writeRecord,
} from "./worktree.ts";

/**
 * Makes the task's worktree, or finds it. What is found is never reset: it may hold the work of a turn that was cut off. A half-made worktree,
 * in which nobody can have worked, is made anew. The branch goes on from where the copy has it, else from where the remote has it, else from the base.
 */
export async function prepare(
  scope: WorkspaceScope,
  signal: AbortSignal,
): Promise<{ path: string; base: Sha; head: Sha; notes: string[] }> {
  const { copy, worktree, branch, base, mark, identity } = scope;
  const env = (await scope.credentials?.(signal)) ?? {};
  return withCopy(copy.dir, signal, async () => {
    const notes = await ensureCopy(copy, identity, { signal, mark });
    const whole = await isWhole(worktree);
    // Before the fetch: the HEAD of a half-made one is no commit yet, at which every fetch into the copy would fail.
    const isGone = !whole && (await readRecord(worktree)) !== null;
    if (!whole) await discardRemains(worktree, branch);
    await fetchBranches(copy.dir, { base, own: branch }, { signal, mark, env });
    const tips = await readTips(scope, signal);
    if (whole) {
      await mendWorktree(worktree, branch);
      notes.push(...(await mendBranch(scope, { ...inWorktree(worktree), signal, mark })));
    } else {
      if (isGone) notes.push("the worktree was gone, and is made anew from what was committed");
      refuseForeign(scope, tips);
      await addWorktree(scope, tips, signal);
    }
    await writeRecord(worktree, { branch, base, tip: tips.base });
    if (!whole && tips.local === null && tips.remote === null)
      return { path: worktree.path, base: tips.base, head: tips.base, notes };
    // An agent that was cut off may have left HEAD on a branch without commits.
    const here = { ...inWorktree(worktree), signal, mark };
    const head =
      (await tryGit(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], here)).stdout.trim() ||
      (tips.local ?? tips.base);
    const fork = (await tryGit(["merge-base", head, tips.base], here)).stdout.trim();
    return { path: worktree.path, base: fork || tips.base, head, notes };
  });
}

interface Tips {
  base: Sha;
  local: Sha | null;
  remote: Sha | null;
}

async function readTips(
  { copy, base, branch, mark }: WorkspaceScope,
  signal: AbortSignal,
): Promise<Tips> {
  const names = [
    `refs/remotes/origin/${base}`,
    `refs/heads/${branch}`,
    `refs/remotes/origin/${branch}`,
  ] as const;
  const listing = await git(["for-each-ref", "--format=%(objectname) %(refname)", ...names], {
    cwd: copy.dir,
    gitDir: copy.dir,
    signal,
    mark,
  });
  const tips = new Map(
    listing
      .split("\n")
      .map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]),
  );
  const baseTip = tips.get(names[0]);
  if (baseTip === undefined)
    throw new UserError(`${copy.repository.url} has no branch ${JSON.stringify(base)}`, {
      kind: "not_found",
    });
  return { base: baseTip, local: tips.get(names[1]) ?? null, remote: tips.get(names[2]) ?? null };
}

/** A branch of this name that ampx did not push is not this task's to push over. */
function refuseForeign(
  { pushed, branch, base, repository }: WorkspaceScope,
  { remote }: Tips,
): void {
  if (pushed !== null) return;
  const others = repository.branches.filter((other) => other !== branch);
  resolveBranch(
    { url: repository.url, branches: remote === null ? others : [...others, branch] },
    base,
    branch,
  );
}

async function addWorktree(
  { worktree, branch, copy, mark }: WorkspaceScope,
  tips: Tips,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(worktree.path), { recursive: true, mode: 0o700 });
  const which =
    tips.local === null
      ? ["--no-track", "-b", branch, "--", worktree.path, tips.remote ?? tips.base]
      : ["--", worktree.path, branch];
  // As many processes as there are cores: a quarter less time on two of them.
  const here = { cwd: copy.dir, gitDir: copy.dir, signal, mark, config: ["checkout.workers=0"] };
  await pastStaleLocks(copy.dir, signal, () => git(["worktree", "add", "--quiet", ...which], here));
}
