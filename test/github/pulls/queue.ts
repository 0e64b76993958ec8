import type { Account } from "../account.ts";
import { latest } from "../actions/run.ts";
import { trigger } from "../actions/trigger.ts";
import { git, tryGit } from "../git/git.ts";
import { pushed, refsOf } from "../git/pushed.ts";
import { inTurn } from "../git/turn.ts";
import type { Issue, Pull } from "../issue.ts";
import type { Repository } from "../repository.ts";
import { rulesOf } from "../repository.ts";
import type { World } from "../world.ts";
import { mergePull } from "./merge.ts";
import { unmet, unmetChecks } from "./requirements.ts";
import { markMerged } from "./synchronize.ts";
import { mergedTree } from "./trial-merge.ts";

/** Puts it at the end of the merge queue of its base. */
export async function enqueue(
  world: World,
  repository: Repository,
  pull: Pull,
  by: Account,
  at: number,
): Promise<void> {
  pull.queued = { by, turn: world.nextId(), sha: undefined };
  pull.dequeued = undefined;
  await buildNext(world, repository, pull.base, at);
}

/** Takes it out again, and says why. */
export async function dequeue(
  world: World,
  repository: Repository,
  pull: Pull,
  reason: string,
  at: number,
): Promise<void> {
  const wasBuilt = pull.queued?.sha !== undefined;
  pull.queued = undefined;
  pull.dequeued = reason;
  if (wasBuilt) await tryGit(repository, ["update-ref", "-d", queueBranch(repository, pull)]);
  await buildNext(world, repository, pull.base, at);
}

/** Who waits in the queue of a base, the next one first. */
export function queueOf(repository: Repository, base: string): (Issue & { pull: Pull })[] {
  return repository.issues
    .filter((issue): issue is Issue & { pull: Pull } => issue.pull?.queued !== undefined)
    .filter(({ pull, state }) => pull.base === base && state === "open")
    .toSorted((one, other) => one.pull.queued!.turn - other.pull.queued!.turn);
}

/** One at a time: a commit on top of the base, for which workflows run that ask for `merge_group`. */
async function buildNext(
  world: World,
  repository: Repository,
  base: string,
  at: number,
): Promise<void> {
  const [next] = queueOf(repository, base);
  if (next === undefined || next.pull.queued?.sha !== undefined) return;
  const { number, title, pull } = next;
  const tree = await mergedTree(repository, pull);
  if (tree === undefined) return dequeue(world, repository, pull, "MERGE_CONFLICT", at);
  const message = `${title} (#${number})`;
  const parents = ["-p", `refs/heads/${base}`, "-p", pull.headSha];
  const sha = await git(repository, ["commit-tree", tree, ...parents, "-m", message]);
  const ref = queueBranch(repository, pull);
  await git(repository, ["update-ref", ref, sha]);
  const { by } = pull.queued!;
  pull.queued = { ...pull.queued!, sha };
  const occasion = { branch: base, type: "checks_requested", changedPaths: undefined };
  const branch = ref.replace("refs/heads/", "");
  const happened = { event: "merge_group", ref, branch, sha, occasion };
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
      if (rulesOf(repository, pull.base).some(({ mergeQueue }) => mergeQueue)) {
        pull.autoMerge = undefined;
        await enqueue(world, repository, pull, by, at);
        continue;
      }
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
  // It is not its turn yet.
  if (sha === undefined) return;
  const runs = repository.runs.filter((run) => run.sha === sha).map(latest);
  if (runs.some(({ status }) => status !== "completed")) return;
  if (runs.some(({ conclusion }) => conclusion === "failure")) {
    await dequeue(world, repository, pull, "FAILED_CHECKS", at);
    return;
  }
  if (unmetChecks(repository, pull.base, sha, at).length > 0) return;
  await inTurn(repository, async () => {
    const before = await refsOf(repository);
    await git(repository, ["update-ref", `refs/heads/${pull.base}`, sha]);
    markMerged(world, repository, issue, pull, by, sha, at);
    await pushed(world, repository, before, by);
  });
  await tryGit(repository, ["update-ref", "-d", queueBranch(repository, pull)]);
  await buildNext(world, repository, pull.base, at);
}

function queueBranch({ issues }: Repository, pull: Pull): string {
  const number = issues.find((issue) => issue.pull === pull)?.number;
  return `refs/heads/gh-readonly-queue/${pull.base}/pr-${number}-${pull.headSha}`;
}
