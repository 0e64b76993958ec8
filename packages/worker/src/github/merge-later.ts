import { TransientError, UserError, type Millis, type Sha, type RepositoryName } from "@ampx/core";
import { z } from "zod";
import type { MergeLater, MergeResult } from "../ports.ts";
import type { Pull } from "./answers/index.ts";
import type { Call, GitHubClient } from "./client.ts";
import { ask, mutate, type Mutation } from "./graphql.ts";
import { gitHubReads } from "./reads.ts";

export interface MergeLaterOptions {
  client: GitHubClient;
  repository: RepositoryName;
  branch: string;
  base: string;
  /** Between two looks. */
  lookAgainMs: Millis;
  /** Called for a pull request that was merged. */
  onMerged(sha: Sha, signal: AbortSignal): Promise<void>;
}

/** Merges that GitHub does when it can: by the merge queue of the base, or once what the base requires is there (auto-merge). */
export interface GitHubMergeLater extends MergeLater {
  /** Puts it into the queue, unless it is there. `null`: the queue does not take it yet, and auto-merge may. */
  enqueue(pull: Pull, sha: Sha, signal: AbortSignal): Promise<MergeResult | { said: string }>;
  /** Has it merged once that is allowed, unless that is so. */
  enable(pull: Pull, sha: Sha, method: string, signal: AbortSignal): Promise<Mutation>;
  /** What it waits for now. */
  waits(reason: string): MergeResult;
}

export function gitHubMergeLater(options: MergeLaterOptions): GitHubMergeLater {
  const { client, repository, branch, base, lookAgainMs } = options;
  const reads = gitHubReads(client, repository);
  const call = (signal: AbortSignal): Call => ({ repository, signal });
  const waits = (reason: string): MergeResult => ({ is: "queued", reason, lookAgainMs });
  const inQueue = ({ position }: Entry): MergeResult =>
    waits(`the merge queue of ${base}${position === null ? "" : ` (place ${position})`}`);
  const byAutoMerge = () =>
    waits(`reviews or checks that ${base} requires; GitHub merges it then (auto-merge)`);

  const change = (
    name: string,
    input: string,
    variables: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<Mutation> => mutate(client, { name, input, variables }, call(signal));

  const standingOf = async ({ node_id: id }: Pull, signal: AbortSignal): Promise<Standing> =>
    (await ask(client, standingQuery, { id }, StandingAnswer, call(signal)))?.node ?? nowhere;

  const disable = (pull: Pull, signal: AbortSignal): Promise<Mutation> =>
    change("disablePullRequestAutoMerge", "pullRequestId: $id", { id: pull.node_id }, signal);

  const dequeue = (pull: Pull, signal: AbortSignal): Promise<Mutation> =>
    change("dequeuePullRequest", "id: $id", { id: pull.node_id }, signal);

  /** It has to be put onto the newest base before it can be merged. */
  const moved = async (signal: AbortSignal): Promise<MergeResult> => {
    const tip = await reads.tipOf(base, signal);
    return tip === null
      ? { is: "refused", reason: `GitHub shows no branch ${base} any more` }
      : { is: "base_moved", base: tip };
  };

  return {
    waits,

    async needs(sha, signal) {
      const pulls = await reads.pullsOf(branch, "all", signal);
      if (isMergedAt(pulls, sha)) {
        await options.onMerged(sha, signal);
        return "nothing";
      }
      const pull = pulls.find(({ state }) => state === "open");
      if (pull?.head.sha !== sha || !(await reads.hasMergeQueue(base, signal))) return "rebase";
      const { mergeable_state: state } = await reads.pull(pull.number, signal);
      return state === "dirty" ? "rebase" : "merge";
    },

    async enqueue(pull, sha, signal) {
      const before = await standingOf(pull, signal);
      if (before.mergeQueueEntry !== null) return inQueue(before.mergeQueueEntry);
      const variables = { id: pull.node_id, sha };
      const input = "pullRequestId: $id, expectedHeadOid: $sha";
      const sent = await change("enqueuePullRequest", input, variables, signal);
      const after = await standingOf(pull, signal);
      if (after.mergeQueueEntry !== null) return inQueue(after.mergeQueueEntry);
      if (after.merged) return { is: "merged" };
      if (sent.is === "done") return waits(`the merge queue of ${base}`);
      const { mergeable_state: state } = await reads.pull(pull.number, signal);
      return state === "dirty" ? moved(signal) : { said: sent.said };
    },

    async enable(pull, sha, method, signal) {
      const variables = { id: pull.node_id, sha, method: method.toUpperCase() };
      const input = "pullRequestId: $id, expectedHeadOid: $sha, mergeMethod: $method";
      return change("enablePullRequestAutoMerge", input, variables, signal);
    },

    async look(sha, signal) {
      const pulls = await reads.pullsOf(branch, "all", signal);
      if (isMergedAt(pulls, sha)) {
        await options.onMerged(sha, signal);
        return { is: "merged" };
      }
      const pull = pulls.find(({ state }) => state === "open");
      if (pull === undefined) {
        const [newest] = pulls;
        // Reopened, it would be merged at a moment that nobody here knows of.
        if (newest !== undefined && isAutoOf(newest)) await disable(newest, signal);
        return { is: "refused", reason: closedReason(newest) };
      }
      const isAuto = isAutoOf(pull);
      if (pull.head.sha !== sha) {
        // GitHub would merge what nobody here has seen green.
        if (isAuto) await disable(pull, signal);
        else if ((await standingOf(pull, signal)).mergeQueueEntry !== null)
          await dequeue(pull, signal);
        return { is: "refused", reason: otherHeadReason(pull, sha) };
      }
      const { mergeable_state: state } = await reads.pull(pull.number, signal);
      const mustRebase = state === "dirty" || state === "behind";
      if (isAuto && !mustRebase) return byAutoMerge();
      if (isAuto) {
        // Not while it is put on the newest base: each commit is looked at before it is merged.
        const off = await disable(pull, signal);
        if (off.is === "refused")
          throw new TransientError(`GitHub does not take auto-merge back: ${off.said}`);
        return moved(signal);
      }
      const standing = await standingOf(pull, signal);
      if (standing.merged) return waits(`the merge queue of ${base}, which has just merged it`);
      if (standing.mergeQueueEntry !== null) return inQueue(standing.mergeQueueEntry);
      const why = standing.timelineItems.nodes[0]?.reason ?? null;
      // What failed there would fail there again; only a newer base may be the matter.
      const isOut = why !== null && why !== "MERGE_CONFLICT";
      if (mustRebase && !isOut) return moved(signal);
      return {
        is: "refused",
        reason:
          why === null
            ? `${pull.html_url} is no longer to be merged by GitHub: somebody has switched that off`
            : `${pull.html_url} was taken out of the merge queue of ${base}: ${wordsOf(why)}`,
      };
    },

    async withdraw(sha, signal) {
      try {
        return await withdraw(sha, signal);
      } catch (cause) {
        if (!(cause instanceof UserError)) throw cause;
        throw new UserError(
          `GitHub may still merge ${branch}, and could not be told otherwise: ${cause.message}`,
          { kind: cause.kind, tryThis: "close the pull request, or take it out there", cause },
        );
      }
    },
  };

  async function withdraw(sha: Sha, signal: AbortSignal) {
    let said = "";
    // The second look says what came of what was asked.
    for (const isFirst of [true, false]) {
      const pulls = await reads.pullsOf(branch, "all", signal);
      if (isMergedAt(pulls, sha)) return { is: "merged" as const };
      const pull = pulls.find(({ state }) => state === "open");
      if (pull === undefined) return { is: "withdrawn" as const };
      const isAuto = isAutoOf(pull);
      const { mergeQueueEntry, merged } = await standingOf(pull, signal);
      if (!isAuto && mergeQueueEntry === null && !merged) return { is: "withdrawn" as const };
      if (!isFirst || merged) break;
      const results = [
        ...(isAuto ? [await disable(pull, signal)] : []),
        ...(mergeQueueEntry === null ? [] : [await dequeue(pull, signal)]),
      ];
      said = results.flatMap((result) => (result.is === "refused" ? [result.said] : [])).join("; ");
    }
    throw new TransientError(
      `GitHub is about to merge it, or lets go of it later${said === "" ? "" : `: ${said}`}`,
    );
  }
}

/** Whether one of the pull requests was merged at this commit. */
export function isMergedAt(pulls: readonly Pull[], sha: Sha): boolean {
  return pulls.some((pull) => typeof pull.merged_at === "string" && pull.head.sha === sha);
}

/** Whether GitHub is to merge it once it may. */
export function isAutoOf({ auto_merge: auto }: Pull): boolean {
  return auto !== null && auto !== undefined;
}

function closedReason(pull: Pull | undefined): string {
  return pull === undefined
    ? "there is no pull request of the branch any more"
    : `${pull.html_url} was closed: reopen it, then ask to merge again`;
}

function otherHeadReason(pull: Pull, sha: Sha): string {
  return `somebody has pushed ${pull.head.sha.slice(0, 10)} to ${pull.html_url}: only ${sha.slice(0, 10)} was seen green here`;
}

/** `FAILED_CHECKS`, say. */
function wordsOf(reason: string): string {
  return reason.toLowerCase().replaceAll("_", " ");
}

const standingQuery = `query($id: ID!) { node(id: $id) { ... on PullRequest {
  merged
  mergeQueueEntry { position }
  timelineItems(last: 1, itemTypes: [REMOVED_FROM_MERGE_QUEUE_EVENT]) { nodes { ... on RemovedFromMergeQueueEvent { reason } } }
} } }`;

const Entry = z.object({ position: z.int().nullable() });
type Entry = z.output<typeof Entry>;

const Standing = z.object({
  merged: z.boolean(),
  mergeQueueEntry: Entry.nullable(),
  timelineItems: z.object({ nodes: z.array(z.object({ reason: z.string().nullish() })) }),
});
type Standing = z.output<typeof Standing>;
const StandingAnswer = z.object({ node: Standing.nullable() });

const nowhere: Standing = { merged: false, mergeQueueEntry: null, timelineItems: { nodes: [] } };
