import { TransientError } from "@ampx/core";
import { expect, test } from "vitest";
import { createGitHubClient } from "./client.ts";
import { createCredentials } from "./credentials.ts";
import { handClock, standIn } from "./fixture.ts";
import { gitHubMergeLater } from "./merge-later.ts";

const { signal } = new AbortController();
const root = "/repos/acme/shop";
const head = "a".repeat(40);
const tip = "b".repeat(40);

interface Standing {
  /** Of the list of pull requests. */
  pull?: Record<string, unknown>;
  mergeable_state?: string;
  /** What GraphQL tells of the queue. */
  position?: number;
  removed?: string;
  merged?: boolean;
  /** Why a mutation is refused. */
  refused?: string;
}

/** As much of GitHub as a merge needs that it does by itself. */
async function world(standing: Standing) {
  const { position, removed, merged = false, refused } = standing;
  const pull = {
    number: 4,
    node_id: "PR_4",
    html_url: "https://github.test/acme/shop/pull/4",
    state: "open",
    title: "Answer with 42",
    body: null,
    merged_at: null,
    auto_merge: null,
    head: { ref: "amp/answer", sha: head },
    base: { ref: "main" },
    ...standing.pull,
  };
  const mutations: string[] = [];
  const server = await standIn(({ path, body }) => {
    if (path.startsWith(`${root}/pulls?`)) return { body: [pull] };
    if (path === `${root}/pulls/4`)
      return { body: { ...pull, mergeable_state: standing.mergeable_state ?? "blocked" } };
    if (path === `${root}/branches/main`) return { body: { commit: { sha: tip } } };
    if (path !== "/graphql") return undefined;
    const { query } = body as { query: string };
    const mutation = /(\w+)\(input/.exec(query)?.[1];
    if (mutation !== undefined) mutations.push(mutation);
    if (mutation !== undefined && refused !== undefined)
      return { body: { data: null, errors: [{ type: "UNPROCESSABLE", message: refused }] } };
    const node = {
      merged,
      mergeQueueEntry: position === undefined ? null : { position },
      timelineItems: { nodes: removed === undefined ? [] : [{ reason: removed }] },
    };
    return { body: { data: mutation === undefined ? { node } : {} } };
  });
  const clock = handClock();
  const identity = { is: "token", token: "ghp_secret", from: "GH_TOKEN" } as const;
  const credentials = createCredentials({ api: server.url, identity, clock });
  const graphql = `${server.url}/graphql`;
  const client = createGitHubClient({ api: server.url, graphql, credentials, clock });
  const later = gitHubMergeLater({
    client,
    repository: { owner: "acme", name: "shop" },
    branch: "amp/answer",
    base: "main",
    lookAgainMs: 1_000,
    onMerged: () => Promise.resolve(),
  });
  return { later, mutations, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const auto = { auto_merge: { merge_method: "squash" } };
const queued = (reason: string) => ({ is: "queued", reason, lookAgainMs: 1_000 });
const refused = (words: RegExp) => ({ is: "refused", reason: expect.stringMatching(words) });

test.for<[string, Standing, unknown, string[]]>([
  [
    "merged",
    { pull: { state: "closed", merged_at: "2026-11-21T10:00:00Z" } },
    { is: "merged" },
    [],
  ],
  ["in the queue", { position: 3 }, queued("the merge queue of main (place 3)"), []],
  [
    "merged by the queue a moment ago, which the list does not show yet",
    { merged: true },
    queued("the merge queue of main, which has just merged it"),
    [],
  ],
  ["waiting for a review", { pull: auto }, expect.objectContaining({ is: "queued" }), []],
  [
    "behind its base",
    { pull: auto, mergeable_state: "behind" },
    { is: "base_moved", base: tip },
    ["disablePullRequestAutoMerge"],
  ],
  ["in conflict with it", { mergeable_state: "dirty" }, { is: "base_moved", base: tip }, []],
  [
    "out of the queue for what failed, however old its base",
    { removed: "FAILED_CHECKS", mergeable_state: "behind" },
    refused(/taken out of the merge queue of main: failed checks/),
    [],
  ],
  ["let go of by a person", {}, refused(/somebody has switched that off/), []],
  [
    "closed by a person",
    { pull: { ...auto, state: "closed" } },
    refused(/was closed: reopen it/),
    ["disablePullRequestAutoMerge"],
  ],
  [
    "pushed to while it is in the queue",
    { pull: { head: { ref: "amp/answer", sha: "e".repeat(40) } }, position: 1 },
    refused(/somebody has pushed eeeeeeeeee/),
    ["dequeuePullRequest"],
  ],
])("what is %s", async ([, standing, result, mutations]) => {
  await using w = await world(standing);
  expect(await w.later.look(head, signal)).toEqual(result);
  expect(w.mutations).toEqual(mutations);
});

test("what cannot be taken back yet is neither taken back nor rebased", async () => {
  const no = "Can't disable auto-merge for this pull request";
  await using w = await world({ pull: auto, mergeable_state: "behind", refused: no });
  await expect(w.later.look(head, signal)).rejects.toThrow(TransientError);
  await expect(w.later.withdraw(head, signal)).rejects.toThrow(`lets go of it later: ${no}`);
});
