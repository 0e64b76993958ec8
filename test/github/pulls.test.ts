import { expect, test } from "vitest";
import { asking, plain } from "./asking.ts";
import { startGitHub } from "./github.ts";
import { ci } from "./workflows.ts";

const at = "/repos/acme/shop";

async function shop() {
  const github = await startGitHub({ now: () => Date.UTC(2026, 0, 1) });
  const files = { ".github/workflows/ci.yml": ci, a: "1\n" };
  const repository = await github.createRepository("acme/shop", { files });
  const ask = asking(github, github.createToken({ login: "acme" }));
  const open = async (head = "amp/a", more = {}) => {
    const sha = await repository.commit(head, { [head]: "new\n" });
    const { body } = await ask(`POST ${at}/pulls`, { title: "T", head, base: "main", ...more });
    return { sha, number: Number(body["number"]), id: plain(body["node_id"]) };
  };
  const mutate = (name: string, input: object) =>
    ask("POST /graphql", {
      query: `mutation($input: X!) { ${name}(input: $input) { clientMutationId } }`,
      variables: { input },
    });
  return {
    github,
    repository,
    ask,
    open,
    mutate,
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
}

test("a second pull request of the same branch is refused, and the first is found by it", async () => {
  await using world = await shop();
  const { ask, open, repository } = world;
  const { number, sha } = await open();

  const second = await ask(`POST ${at}/pulls`, { title: "T", head: "amp/a", base: "main" });

  expect(second).toMatchObject({
    status: 422,
    body: {
      message: "Validation Failed",
      errors: [{ message: "A pull request already exists for acme:amp/a." }],
    },
  });
  const found = await ask(`GET ${at}/pulls?head=acme:amp/a&state=open`);
  expect(found.body).toMatchObject([
    { number, head: { sha, ref: "amp/a" }, base: { ref: "main" } },
  ]);
  expect((await ask(`GET ${at}/pulls?head=acme:other`)).body).toEqual([]);
  expect(repository.issues()).toHaveLength(1);
});

test.each([
  [{ head: "none" }, { field: "head", code: "invalid" }],
  [{ head: "main" }, { message: "No commits between main and main" }],
])("a pull request of %j is refused", async (given, error) => {
  await using world = await shop();
  const refused = await world.ask(`POST ${at}/pulls`, { title: "T", base: "main", ...given });
  expect(refused).toMatchObject({ status: 422, body: { errors: [error] } });
});

test.each(["merge", "squash", "rebase"])("a pull request is merged by %s", async (merge_method) => {
  await using world = await shop();
  const { ask, open, repository } = world;
  repository.settings({ deleteBranchOnMerge: true });
  const { number, sha } = await open();

  const merged = await ask(`PUT ${at}/pulls/${number}/merge`, { sha, merge_method });

  expect(merged).toMatchObject({ status: 200, body: { merged: true } });
  expect(await repository.sha("main")).toBe(plain(merged.body["sha"]));
  expect(await repository.read("main", "amp/a")).toBe("new");
  expect(await repository.branches()).toEqual(["main"]);
  expect((await ask(`GET ${at}/pulls/${number}`)).body).toMatchObject({
    state: "closed",
    merged: true,
  });
  expect(await ask(`PUT ${at}/pulls/${number}/merge`)).toMatchObject({ status: 405 });
});

test("a head that has moved is not merged", async () => {
  await using world = await shop();
  const { ask, open, repository } = world;
  const { number, sha } = await open();
  await repository.commit("amp/a", { more: "m" });
  expect(await ask(`PUT ${at}/pulls/${number}/merge`, { sha })).toMatchObject({
    status: 409,
    body: { message: "Head branch was modified. Review and try the merge again." },
  });
});

test("a conflict, a draft, and a method that is not allowed are not merged", async () => {
  await using world = await shop();
  const { ask, open, repository } = world;
  const draft = await open("amp/draft", { draft: true });
  await repository.commit("amp/conflict", { a: "2\n" });
  const conflict = await repository.openPull("amp/conflict");
  await repository.commit("main", { a: "3\n" });
  repository.settings({ allowSquashMerge: false });
  const merge = (number: number, body = {}) => ask(`PUT ${at}/pulls/${number}/merge`, body);

  expect(await merge(draft.number)).toMatchObject({
    status: 405,
    body: { message: "Pull Request is still a draft" },
  });
  expect(await merge(conflict.number)).toMatchObject({
    status: 405,
    body: { message: "Pull Request is not mergeable" },
  });
  expect(await merge(draft.number, { merge_method: "squash" })).toMatchObject({ status: 405 });
  expect((await ask(`GET ${at}/pulls/${conflict.number}`)).body).toMatchObject({
    mergeable: false,
    mergeable_state: "dirty",
  });
});

test("whether it merges may take a while to be known", async () => {
  await using world = await shop();
  const { github, ask, open, repository } = world;
  repository.slowMergeability(5_000);
  const { number } = await open();
  const look = async () => (await ask(`GET ${at}/pulls/${number}`)).body;

  const before = await look();
  await github.advance(5_000);

  expect(before).toMatchObject({ mergeable: null, mergeable_state: "unknown" });
  expect(await look()).toMatchObject({ mergeable: true, mergeable_state: "clean" });
});

test("a protected base waits for its checks, and for the head to be up to date", async () => {
  await using world = await shop();
  const { github, ask, open, repository } = world;
  repository.protect("main", { contexts: ["test", "deploy"], strict: true });
  github.plan({}, { afterMs: 60_000 });
  const { number, sha } = await open();
  await github.advance(0);
  const merge = async () => (await ask(`PUT ${at}/pulls/${number}/merge`)).body["message"];

  const said = [await merge()];
  await github.advance(60_000);
  said.push(await merge());
  repository.status(sha, "success", "deploy");
  await repository.commit("main", { other: "o" });
  said.push(await merge());
  const updated = await ask(`PUT ${at}/pulls/${number}/update-branch`, { expected_head_sha: sha });
  said.push(await merge());

  expect(said).toMatchObject([
    'Required status check "test" is in progress.',
    'Required status check "deploy" is expected.',
    "The head branch is not up to date with the base branch.",
    expect.stringMatching(/^Required status check "test" is (?:expected|in progress)\.$/),
  ]);
  expect(updated.status).toBe(202);
  expect(repository.issue(number).pull?.headSha).not.toBe(sha);
});

test("auto-merge merges once everything is green, and is refused for what is green already", async () => {
  await using world = await shop();
  const { github, repository, open, mutate } = world;
  repository.settings({ allowAutoMerge: true });
  const clean = await open("amp/clean");
  const refused = await mutate("enablePullRequestAutoMerge", { pullRequestId: clean.id });
  repository.protect("main", { contexts: ["test"] });
  github.plan({}, { afterMs: 60_000 });
  const { number, id } = await open();
  await mutate("enablePullRequestAutoMerge", { pullRequestId: id, mergeMethod: "SQUASH" });

  const before = repository.issue(number).pull?.mergedAt;
  await github.advance(60_000);

  expect(refused.body).toMatchObject({
    errors: [{ message: "Pull request Pull request is in clean status" }],
  });
  expect(before).toBeUndefined();
  expect(repository.issue(number).pull?.mergedAt).toBeDefined();
});

test("the merge queue runs what asks for merge_group, and merges what passed", async () => {
  await using world = await shop();
  const { github, ask, repository, open, mutate } = world;
  await repository.commit("main", {
    ".github/workflows/ci.yml": ci.replace("[push]", "merge_group"),
  });
  repository.addRuleset({ branches: ["main"], mergeQueue: true });
  github.plan({ event: "merge_group" }, { afterMs: 60_000 });
  const { number, id } = await open();

  const direct = await ask(`PUT ${at}/pulls/${number}/merge`);
  await mutate("enqueuePullRequest", { pullRequestId: id });
  await github.advance(0);
  const runs = repository.runs().filter(({ event }) => event === "merge_group");
  const before = repository.issue(number).pull?.mergedAt;
  await github.advance(60_000);

  expect(direct.status).toBe(405);
  expect(runs).toHaveLength(1);
  expect(before).toBeUndefined();
  expect(await repository.sha("main")).toBe(runs[0]!.sha);
  expect(repository.issue(number).pull?.mergedAt).toBeDefined();
});

test("the queue builds one after the other on what was merged before, and tells who is where", async () => {
  await using world = await shop();
  const { github, repository, open, mutate, ask } = world;
  await repository.commit("main", {
    ".github/workflows/ci.yml": ci.replace("[push]", "merge_group"),
  });
  repository.addRuleset({ branches: ["main"], mergeQueue: true });
  github.plan({ event: "merge_group" }, { afterMs: 60_000 });
  const pulls = [await open("amp/one"), await open("amp/two"), await open("amp/three")];
  const queued = pulls.map(({ id }) => id);
  for (const pullRequestId of queued) await mutate("enqueuePullRequest", { pullRequestId });
  const standings = async () => {
    const answers = [];
    for (const id of queued)
      answers.push(
        await ask("POST /graphql", {
          query:
            "query($id: ID!) { node(id: $id) { ... on PullRequest { mergeQueueEntry { position } } } }",
          variables: { id },
        }),
      );
    return answers.map(({ body }) => (body["data"] as { node: Record<string, unknown> }).node);
  };

  const before = await standings();
  await mutate("dequeuePullRequest", { id: queued[0] ?? "" });
  await github.advance(60_000);
  await github.advance(60_000);
  const after = await standings();

  expect(before.map(({ mergeQueueEntry: entry }) => entry)).toEqual([
    { position: 1 },
    { position: 2 },
    { position: 3 },
  ]);
  expect(after).toMatchObject([
    { merged: false, mergeQueueEntry: null, timelineItems: { nodes: [{ reason: "MANUAL" }] } },
    { merged: true },
    { merged: true },
  ]);
  expect(await repository.read("main", "amp/two")).toBe("new");
  expect(await repository.read("main", "amp/three")).toBe("new");
});

test("a pull request closes with its branch, and follows a push to it", async () => {
  await using world = await shop();
  const { open, repository } = world;
  const { number } = await open();
  const sha = await repository.commit("amp/a", { more: "m" });
  expect(repository.issue(number).pull?.headSha).toBe(sha);
  await repository.deleteBranch("amp/a");
  expect(repository.issue(number).state).toBe("closed");
});

test("reviews, comments, labels and assignees are kept and listed", async () => {
  await using world = await shop();
  const { github, ask, open, repository } = world;
  repository.collaborator("mia", "write");
  const { number } = await open();
  repository.review(number, {
    by: "mia",
    state: "CHANGES_REQUESTED",
    body: "not yet",
    comments: [{ path: "a", line: 1, body: "why?" }],
  });
  const [comment] = (await ask(`GET ${at}/pulls/${number}/comments`)).body as never as {
    id: number;
  }[];
  await ask(`POST ${at}/pulls/${number}/comments/${comment?.id}/replies`, { body: "because" });
  await ask(`POST ${at}/issues/${number}/labels`, { labels: ["ampx"] });
  await ask(`POST ${at}/issues/${number}/assignees`, { assignees: ["mia", "stranger"] });
  await github.advance(1_000);
  const since = new Date(github.now()).toISOString();
  repository.comment(number, "/ampx go on", "mia");

  expect((await ask(`GET ${at}/pulls/${number}/reviews`)).body).toMatchObject([
    { state: "CHANGES_REQUESTED", user: { login: "mia" }, author_association: "COLLABORATOR" },
  ]);
  expect((await ask(`GET ${at}/pulls/${number}/comments`)).body).toMatchObject([
    { body: "why?", path: "a", line: 1 },
    { body: "because", in_reply_to_id: comment?.id },
  ]);
  expect((await ask(`GET ${at}/issues/comments?since=${since}`)).body).toMatchObject([
    { body: "/ampx go on" },
  ]);
  expect((await ask(`GET ${at}/issues/${number}`)).body).toMatchObject({
    labels: [{ name: "ampx" }],
    assignees: [{ login: "mia" }],
  });
});
