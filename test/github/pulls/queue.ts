import type { Account } from "../account.ts";
import { latest } from "../actions/run.ts";
import { trigger } from "../actions/trigger.ts";
import { git } from "../git/git.ts";
import { pushed, refsOf } from "../git/pushed.ts";
import { inTurn } from "../git/turn.ts";
import type { Issue, Pull } from "../issue.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";
import { mergePull } from "./merge.ts";
import { unmet, unmetChecks } from "./requirements.ts";
import { markMerged } from "./synchronize.ts";
import { mergedTree } from "./trial-merge.ts";

/** Puts it into the merge queue: a commit on top of the base, for which workflows run that ask for `merge_group`. */
export async function enqueue(
  world: World,
  repository: Repository,
  { number, title }: Issue,
  pull: Pull,
  by: Account,
  at: number,
): Promise<void> {
  const tree = await mergedTree(repository, pull);
  if (tree === undefined) throw new Error("only what merges is put into the queue");
  const message = `${title} (#${number})`;
  const parents = ["-p", `refs/heads/${pull.base}`, "-p", pull.headSha];
  const sha = await git(repository, ["commit-tree", tree, ...parents, "-m", message]);
  const branch = `gh-readonly-queue/${pull.base}/pr-${number}-${pull.headSha}`;
  await git(repository, ["update-ref", `refs/heads/${branch}`, sha]);
  pull.queued = { by, sha };
  const occasion = { branch: pull.base, type: "checks_requested", changedPaths: undefined };
  const happened = { event: "merge_group", ref: `refs/heads/${branch}`, branch, sha, occasion };
  await trigger(world, repository, { ...happened, actor: by }, at);
}

/** Merges what was to be merged once it can be. Called whenever a check, a status or a review has changed. */
export async function mergeWhatCan(
  world: World,
  repository: Repository,
  at: number,
): Promise<void> {
  for (const issue of repository.issues) {
    const { pull, state } = issue;
    if (pull === undefined || state !== "open") continue;
    if (pull.queued !== undefined) await leaveQueue(world, repository, issue, pull, at);
    else if (pull.autoMerge !== undefined && (await canMerge(repository, pull, at))) {
      const { by, method } = pull.autoMerge;
      const merge = { method, sha: undefined, title: undefined, message: undefined };
      await mergePull(world, repository, issue, by, merge, at);
    }
  }
}

async function canMerge(repository: Repository, pull: Pull, at: number): Promise<boolean> {
  return pull.mergeable === true && !pull.draft && (await unmet(repository, pull, at)).length === 0;
}

async function leaveQueue(
  world: World,
  repository: Repository,
  issue: Issue,
  pull: Pull,
  at: number,
): Promise<void> {
  const { sha, by } = pull.queued!;
  const runs = repository.runs.filter((run) => run.sha === sha).map(latest);
  if (runs.some(({ status }) => status !== "completed")) return;
  if (runs.some(({ conclusion }) => conclusion === "failure")) {
    pull.queued = undefined;
    return;
  }
  if (unmetChecks(repository, pull.base, sha, at).length > 0) return;
  await inTurn(repository, async () => {
    const before = await refsOf(repository);
    await git(repository, ["update-ref", `refs/heads/${pull.base}`, sha]);
    markMerged(world, repository, issue, pull, by, sha, at);
    await pushed(world, repository, before, by);
  });
}
