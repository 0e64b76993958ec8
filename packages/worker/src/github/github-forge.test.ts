import { TransientError } from "@ampx/core";
import { expect, test } from "vitest";
import { createGitHubClient } from "./client.ts";
import { createCredentials } from "./credentials.ts";
import { handClock, standIn, type Asked, type Reply } from "./fixture.ts";
import { gitHubForge, type GitHubForgeOptions } from "./github-forge.ts";

const { signal } = new AbortController();
const root = "/repos/acme/shop";
const head = "a".repeat(40);
const baseTip = "b".repeat(40);
const text = { title: "Answer with 42", block: "<!-- ampx: begin -->\nnew\n<!-- ampx: end -->" };

interface FakePull {
  [key: string]: unknown;
  body: string | null;
}

function pull(more: Record<string, unknown> = {}): FakePull {
  return {
    number: 4,
    node_id: "PR_4",
    html_url: "https://github.test/acme/shop/pull/4",
    state: "open",
    draft: false,
    title: "Answer with 42",
    body: null,
    merged_at: null,
    head: { ref: "amp/answer", sha: head },
    base: { ref: "main" },
    ...more,
  };
}

/** As much of GitHub as pull requests need. */
async function world(
  more: {
    pulls?: FakePull[];
    reply?: (asked: Asked, pulls: FakePull[]) => Reply | undefined;
    options?: Partial<GitHubForgeOptions>;
  } = {},
) {
  const pulls = more.pulls ?? [];
  const server = await standIn((asked) => {
    const special = more.reply?.(asked, pulls);
    if (special !== undefined) return special;
    const { method, path, body } = asked;
    if (method === "GET" && path.startsWith(`${root}/pulls?`))
      return {
        body: pulls.filter(({ state }) => !path.includes("state=open") || state === "open"),
      };
    if (method === "GET" && path === `${root}/pulls/4`)
      return { body: { ...pulls[0], mergeable_state: "blocked" } };
    if (method === "POST" && path === `${root}/pulls`) {
      pulls.push(pull(body as FakePull));
      pulls.at(-1)!["head"] = { ref: "amp/answer", sha: head };
      pulls.at(-1)!["base"] = { ref: "main" };
      return { status: 201, body: pulls.at(-1) };
    }
    if (method === "PATCH") return { body: Object.assign(pulls[0]!, body) };
    if (path === `${root}/branches/amp/answer`) return { body: { commit: { sha: head } } };
    if (path === `${root}/branches/main`) return { body: { commit: { sha: baseTip } } };
    if (path === root)
      return {
        body: {
          full_name: "acme/shop",
          default_branch: "main",
          allow_merge_commit: false,
          allow_squash_merge: true,
        },
      };
    if (method === "PUT") return { body: { merged: true, sha: "c".repeat(40) } };
    if (method === "DELETE") return { status: 204 };
    if (path === "/graphql") return { body: { data: {} } };
    return undefined;
  });
  const clock = handClock();
  const credentials = createCredentials({
    api: server.url,
    identity: { is: "token", token: "ghp_secret", from: "GH_TOKEN" },
    clock,
  });
  const client = createGitHubClient({
    api: server.url,
    graphql: `${server.url}/graphql`,
    credentials,
    clock,
  });
  const forge = gitHubForge({
    client,
    repository: { owner: "acme", name: "shop" },
    branch: "amp/answer",
    base: "main",
    draft: false,
    labels: [],
    reviewers: [],
    assignees: [],
    mergeMethod: null,
    deleteBranch: true,
    lookAgainMs: 1_000,
    onBaseGone: () => new Error("the base is gone"),
    ...more.options,
  });
  return {
    forge,
    pulls,
    server,
    writes: () =>
      server.asked
        .filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${method} ${path}`),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

test("opens one pull request, however often it is asked", async () => {
  await using w = await world();
  const change = { url: "https://github.test/acme/shop/pull/4" };
  expect(await w.forge.findOrOpenChange(head, signal, text)).toEqual(change);
  expect(await w.forge.findOrOpenChange(head, signal, text)).toEqual(change);
  expect(w.writes()).toEqual([`POST ${root}/pulls`]);
  expect(w.server.asked.find(({ method }) => method === "POST")?.body).toEqual({
    title: "Answer with 42",
    head: "amp/answer",
    base: "main",
    body: text.block,
    draft: false,
  });
});

test("renews its own block and nothing of a person's", async () => {
  const mine = "My words.\n\n<!-- ampx: begin -->\nold\n<!-- ampx: end -->\n\nMore of mine.";
  await using w = await world({ pulls: [pull({ body: mine, title: "A better title" })] });
  await w.forge.findOrOpenChange(head, signal, text);
  expect(w.pulls[0]).toMatchObject({ title: "A better title", body: mine.replace("old", "new") });
});

test("one that is open already, as GitHub says, is found", async () => {
  let looks = 0;
  await using w = await world({
    pulls: [pull()],
    reply: ({ method, path }) => {
      if (method === "POST" && path === `${root}/pulls`)
        return {
          status: 422,
          body: {
            message: "Validation Failed",
            errors: [{ message: "A pull request already exists for acme:amp/answer." }],
          },
        };
      // The list lags behind.
      return path.startsWith(`${root}/pulls?`) && looks++ === 0 ? { body: [] } : undefined;
    },
  });
  expect(await w.forge.findOrOpenChange(head, signal, text)).toEqual({
    url: expect.stringContaining("/pull/4"),
  });
});

test("one that was opened though the answer got lost is not opened again", async () => {
  let posts = 0;
  await using w = await world({
    reply: ({ method, path, body }, pulls) => {
      if (method !== "POST" || path !== `${root}/pulls`) return undefined;
      posts += 1;
      pulls.push(
        pull({
          ...(body as object),
          head: { ref: "amp/answer", sha: head },
          base: { ref: "main" },
        }),
      );
      return { status: 502, body: "<html>" };
    },
  });
  await expect(w.forge.findOrOpenChange(head, signal, text)).rejects.toThrow(TransientError);
  expect(await w.forge.findOrOpenChange(head, signal, text)).toEqual({
    url: expect.stringContaining("/pull/4"),
  });
  expect([posts, w.pulls.length]).toEqual([1, 1]);
});

test("what GitHub refuses to open is said in its words", async () => {
  await using w = await world({
    reply: ({ method, path }) =>
      method === "POST" && path === `${root}/pulls`
        ? {
            status: 422,
            body: {
              message: "Validation Failed",
              errors: [{ message: "No commits between main and amp/answer" }],
            },
          }
        : undefined,
  });
  await expect(w.forge.findOrOpenChange(head, signal, text)).rejects.toThrow(
    "No commits between main and amp/answer",
  );
});

test("labels, assignees and reviewers are asked for, and their refusal changes nothing", async () => {
  await using w = await world({
    options: { labels: ["ampx"], reviewers: ["kim"], assignees: ["lee"] },
  });
  await w.forge.findOrOpenChange(head, signal, text);
  expect(w.writes().slice(1)).toEqual([
    `POST ${root}/issues/4/labels`,
    `POST ${root}/issues/4/assignees`,
    `POST ${root}/pulls/4/requested_reviewers`,
  ]);
});

test("a draft that workflows needed is marked as ready once it is green, unless drafts are wished for", async () => {
  await using w = await world({ pulls: [pull({ draft: true, body: text.block })] });
  await w.forge.findOrOpenChange(head, signal, text);
  expect(w.writes()).toEqual(["POST /graphql"]);
  await using kept = await world({
    pulls: [pull({ draft: true, body: text.block })],
    options: { draft: true },
  });
  await kept.forge.findOrOpenChange(head, signal, text);
  expect(kept.writes()).toEqual([]);
});

test("merges that very commit as the repository allows it, and deletes the branch", async () => {
  await using w = await world({ pulls: [pull()] });
  expect(await w.forge.merge(head, baseTip, signal)).toEqual({ is: "merged" });
  expect(w.writes()).toEqual([
    `PUT ${root}/pulls/4/merge`,
    `DELETE ${root}/git/refs/heads/amp/answer`,
  ]);
  expect(w.server.asked.find(({ method }) => method === "PUT")?.body).toEqual({
    sha: head,
    merge_method: "squash",
  });
});

test("a merge that has happened is not tried again; the branch that a crash left goes", async () => {
  await using w = await world({
    pulls: [pull({ state: "closed", merged_at: "2026-11-21T10:00:00Z" })],
  });
  expect(await w.forge.merge(head, baseTip, signal)).toEqual({ is: "merged" });
  expect(w.writes()).toEqual([`DELETE ${root}/git/refs/heads/amp/answer`]);
});

test("a base that has moved is told before anything is merged", async () => {
  await using w = await world({ pulls: [pull()] });
  expect(await w.forge.merge(head, "d".repeat(40), signal)).toEqual({
    is: "base_moved",
    base: baseTip,
  });
  expect(w.writes()).toEqual([]);
});

test.each([
  [405, "Pull Request is not mergeable", /reviews or checks that the branch requires are missing/],
  [409, "Head branch was modified. Review and try the merge again.", /was pushed to meanwhile/],
])("%d is explained", async (status, message, words) => {
  await using w = await world({
    pulls: [pull()],
    reply: ({ method }) => (method === "PUT" ? { status, body: { message } } : undefined),
  });
  expect(await w.forge.merge(head, baseTip, signal)).toEqual({
    is: "refused",
    reason: expect.stringMatching(words),
  });
});

test("without an open pull request, or with another commit in it, nothing is merged", async () => {
  await using none = await world();
  expect(await none.forge.merge(head, baseTip, signal)).toMatchObject({
    is: "refused",
    reason: /no open pull request/,
  });
  await using other = await world({
    pulls: [pull({ head: { ref: "amp/answer", sha: "e".repeat(40) } })],
  });
  expect(await other.forge.merge(head, baseTip, signal)).toMatchObject({
    is: "refused",
    reason: /is at eeeeeeeeee/,
  });
});

test("while GitHub works out whether it merges, nobody is asked yet", async () => {
  await using w = await world({
    pulls: [pull()],
    reply: ({ method, path }) => {
      if (method === "PUT") return { status: 405, body: { message: "not mergeable" } };
      if (method !== "GET" || path !== `${root}/pulls/4`) return undefined;
      return { body: { ...pull(), mergeable: null, mergeable_state: "unknown" } };
    },
  });
  await expect(w.forge.merge(head, baseTip, signal)).rejects.toThrow(TransientError);
});

test("a branch that is not at that commit any more gets no pull request", async () => {
  await using w = await world();
  expect(await w.forge.findOrOpenChange("e".repeat(40), signal, text)).toMatchObject({
    found: head,
    reason: expect.stringContaining("moved to aaaaaaaaaa by somebody else"),
  });
  expect(w.writes()).toEqual([]);
});
