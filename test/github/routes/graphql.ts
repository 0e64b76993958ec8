import type { Account } from "../account.ts";
import { authorize } from "../http/authorize.ts";
import type { Answer, Call } from "../http/call.ts";
import { text } from "../http/call.ts";
import { Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { route } from "../http/route.ts";
import type { Issue, MergeMethod, Pull } from "../issue.ts";
import { nodeId } from "../json/site.ts";
import { pullEvent } from "../pulls/pull-event.ts";
import { dequeue, enqueue, queueOf } from "../pulls/queue.ts";
import { unmet } from "../pulls/requirements.ts";
import { runForPull } from "../pulls/synchronize.ts";
import type { Repository } from "../repository.ts";
import { rulesOf } from "../repository.ts";

/** What the REST API cannot do. No language: a mutation is known by its name, and answers more than it is asked for. */
export const graphqlRoutes: Route[] = [
  route("POST /graphql", async (call): Promise<Answer> => {
    if (call.actor.is !== "token")
      throw new Refusal(401, "This endpoint requires you to be authenticated.");
    const query = text(call, "query") ?? "";
    const name = Object.keys(mutations).find((one) => new RegExp(`\\b${one}\\b`).test(query));
    if (name === undefined)
      return { body: { data: nodeAnswer(call, query) ?? emptyAnswer(call, query) } };
    const found = pullByNode(
      call,
      argument(call, query, "pullRequestId") ?? argument(call, query, "id"),
    );
    if (found === undefined)
      return failed(name, "NOT_FOUND", "Could not resolve to a node with the global id.");
    const account = authorize(call.actor, found.repository, "pull_requests=write");
    const problem = await mutations[name]!({ ...found, call, query, account });
    if (problem !== undefined) return failed(name, "UNPROCESSABLE", problem);
    return { body: { data: { [name]: { pullRequest: shown(found.issue, found.pull) } } } };
  }),
];

interface Mutated {
  readonly call: Call;
  readonly query: string;
  readonly repository: Repository;
  readonly issue: Issue;
  readonly pull: Pull;
  readonly account: Account;
}

/** Each returns why it was refused. */
const mutations: Record<string, (given: Mutated) => Promise<string | undefined>> = {
  async enablePullRequestAutoMerge({ call, query, repository, pull, account }) {
    if (!repository.settings.allowAutoMerge)
      return "Pull request Auto merge is not allowed for this repository";
    // Only what has something to wait for.
    const isClean =
      pull.mergeable === true &&
      !pull.draft &&
      (await unmet(repository, pull, call.now)).length === 0;
    if (isClean) return "Pull request Pull request is in clean status";
    const expected = argument(call, query, "expectedHeadOid");
    if (expected !== undefined && expected !== pull.headSha)
      return "Head branch was modified. Review and try the merge again.";
    const method = (argument(call, query, "mergeMethod") ?? "MERGE").toLowerCase() as MergeMethod;
    pull.autoMerge = { by: account, method };
    return undefined;
  },
  async disablePullRequestAutoMerge({ pull }) {
    if (pull.autoMerge === undefined)
      return "Pull request Can't disable auto-merge for this pull request";
    pull.autoMerge = undefined;
    return undefined;
  },
  async dequeuePullRequest({ call, repository, issue, pull, account }) {
    if (pull.queued === undefined) return "Pull request is not in the merge queue";
    await dequeue(call.world, repository, pull, "MANUAL", call.now);
    call.world.emit(pullEvent(repository, issue, account, "dequeued"));
    return undefined;
  },
  async enqueuePullRequest({ call, query, repository, issue, pull, account }) {
    const hasQueue = rulesOf(repository, pull.base).some(({ mergeQueue }) => mergeQueue);
    if (!hasQueue) return `No merge queue found for branch '${pull.base}'`;
    const expected = argument(call, query, "expectedHeadOid");
    if (expected !== undefined && expected !== pull.headSha)
      return "Head branch was modified. Review and try the merge again.";
    if (pull.queued !== undefined) return "Pull request is already in the queue";
    const [reason] = await unmet(repository, pull, call.now);
    if (reason !== undefined) return reason;
    if (pull.mergeable !== true || pull.draft) return "Pull request is not mergeable";
    await enqueue(call.world, repository, pull, account, call.now);
    call.world.emit(pullEvent(repository, issue, account, "enqueued"));
    return undefined;
  },
  async markPullRequestReadyForReview({ call, repository, issue, pull, account }) {
    if (!pull.draft) return "Pull request is already marked as ready for review";
    pull.draft = false;
    call.world.emit(pullEvent(repository, issue, account, "ready_for_review"));
    await runForPull(call.world, repository, issue, "ready_for_review", account, call.now);
    return undefined;
  },
  async convertPullRequestToDraft({ call, repository, issue, pull, account }) {
    pull.draft = true;
    call.world.emit(pullEvent(repository, issue, account, "converted_to_draft"));
    return undefined;
  },
};

/** Of the variables, of their `input`, or written in the query. */
function argument({ body }: Call, query: string, name: string): string | undefined {
  const variables = (body["variables"] ?? {}) as Record<string, unknown>;
  const input = (variables["input"] ?? {}) as Record<string, unknown>;
  const [, inline] = new RegExp(`\\b${name}:\\s*"?(\\w[^"\\s,})]*)`).exec(query) ?? [];
  // `pullRequestId: $id` names the variable.
  const [, variable] = new RegExp(`\\b${name}:\\s*\\$(\\w+)`).exec(query) ?? [];
  const value = input[name] ?? variables[variable ?? name] ?? inline;
  return typeof value === "string" ? value : undefined;
}

function pullByNode({ world }: Call, node: string | undefined) {
  for (const repository of world.repositories)
    for (const issue of repository.issues)
      if (issue.pull !== undefined && nodeId("PR", issue.pull.id) === node)
        return { repository, issue, pull: issue.pull };
  return undefined;
}

/** Questions about one pull request. */
function nodeAnswer(call: Call, query: string): unknown {
  const found = /\bnode\(/.test(query) ? pullByNode(call, argument(call, query, "id")) : undefined;
  if (found === undefined) return undefined;
  authorize(call.actor, found.repository, "pull_requests=read");
  const { repository, issue, pull } = found;
  const place = queueOf(repository, pull.base).findIndex(({ number }) => number === issue.number);
  return {
    node: {
      ...shown(issue, pull),
      merged: pull.mergedAt !== undefined,
      headRefOid: pull.headSha,
      mergeQueueEntry: place === -1 ? null : { position: place + 1 },
      timelineItems: {
        nodes: pull.dequeued === undefined ? [] : [{ reason: pull.dequeued }],
      },
    },
  };
}

function shown({ number }: Issue, pull: Pull) {
  return {
    id: nodeId("PR", pull.id),
    number,
    isDraft: pull.draft,
    isInMergeQueue: pull.queued !== undefined,
    autoMergeRequest:
      pull.autoMerge === undefined ? null : { mergeMethod: pull.autoMerge.method.toUpperCase() },
  };
}

function failed(name: string, type: string, message: string): Answer {
  return { body: { data: { [name]: null }, errors: [{ type, path: [name], message }] } };
}

/** Questions of gh: it looks for the pull request of a run, and for who it is. */
function emptyAnswer({ actor }: Call, query: string): unknown {
  const login = actor.is === "token" ? actor.token.account.login : "";
  if (query.includes("viewer")) return { viewer: { login } };
  return { repository: { pullRequests: { nodes: [], totalCount: 0 } } };
}
