import type { Account } from "../account.ts";
import { trigger } from "../actions/trigger.ts";
import { branchSha, changedPaths } from "../git/commit-facts.ts";
import { tryGit } from "../git/git.ts";
import type { Issue, Pull } from "../issue.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";
import { pullEvent } from "./pull-event.ts";
import { isAncestor, tryToMerge } from "./trial-merge.ts";

/** What a push to a branch, or its deletion, does to the open pull requests from it and onto it. */
export async function synchronize(
  world: World,
  repository: Repository,
  branch: string,
  sha: string | undefined,
  by: Account,
  runs: boolean,
  at: number,
): Promise<void> {
  for (const issue of repository.issues) {
    const { pull } = issue;
    if (pull === undefined || issue.state !== "open") continue;
    const isHead = pull.headBranch === branch && pull.headRepositoryId === repository.id;
    if (isHead && sha === undefined) closePull(world, repository, issue, by, at);
    else if (isHead && sha !== undefined) {
      pull.headSha = sha;
      // What was to be built is not what was put into the queue.
      if (pull.queued !== undefined) pull.dequeued = "BRANCH_PROTECTIONS";
      pull.queued = undefined;
      pull.baseSha = (await branchSha(repository, pull.base)) ?? pull.baseSha;
      issue.updatedAt = at;
      await tryToMerge(repository, issue, pull, at);
      world.emit(pullEvent(repository, issue, by, "synchronize"));
      if (runs) await runForPull(world, repository, issue, "synchronize", by, at);
    } else if (pull.base === branch && sha !== undefined) {
      if (await isAncestor(repository, pull.headSha, sha))
        markMerged(world, repository, issue, pull, by, sha, at);
      else await tryToMerge(repository, issue, pull, at);
    }
  }
}

/** Runs that ask for `pull_request`. There are none while the pull request does not merge. */
export async function runForPull(
  world: World,
  repository: Repository,
  { number, pull }: Issue,
  type: string,
  actor: Account,
  at: number,
): Promise<void> {
  if (pull === undefined || pull.mergeable !== true) return;
  const { headSha: sha, headBranch: branch, base } = pull;
  const since = await tryGit(repository, ["merge-base", `refs/heads/${base}`, sha]);
  const occasion = { branch: base, type, changedPaths: await changedPaths(repository, since, sha) };
  const ref = `refs/pull/${number}/merge`;
  const happened = { event: "pull_request", ref, branch, sha, occasion, actor, pullNumber: number };
  await trigger(world, repository, happened, at);
}

export function closePull(
  world: World,
  repository: Repository,
  issue: Issue,
  by: Account,
  at: number,
): void {
  issue.state = "closed";
  if (issue.pull !== undefined) {
    issue.pull.autoMerge = undefined;
    issue.pull.queued = undefined;
  }
  issue.closedAt = at;
  issue.updatedAt = at;
  world.emit(pullEvent(repository, issue, by, "closed"));
}

export function markMerged(
  world: World,
  repository: Repository,
  issue: Issue,
  pull: Pull,
  by: Account,
  sha: string,
  at: number,
): void {
  pull.mergedAt = at;
  pull.mergedBy = by;
  pull.mergeSha = sha;
  pull.mergeable = undefined;
  pull.autoMerge = undefined;
  pull.queued = undefined;
  closePull(world, repository, issue, by, at);
}
