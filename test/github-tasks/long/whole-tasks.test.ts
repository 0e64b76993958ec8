import { expect, test } from "vitest";
import type { AppHandle } from "../../github/people/credentials.ts";
import { appPermissions, makeGitHubWorld, wants42, type GitHubWorld } from "../github-world.ts";

const onPullRequest = wants42
  .replace("on: push", "on: pull_request")
  .replace("name: CI", "name: Review");

test("workflows that run on pull requests alone get a draft, which is ready once all is green", async () => {
  await using world = await makeGitHubWorld({
    answers: ["41", "42"],
    files: { ".github/workflows/ci.yml": wants42, ".github/workflows/review.yml": onPullRequest },
  });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  const { state } = await world.ends(id, "ready");
  expect(state.attempts).toHaveLength(2);
  const pulls = world.repository.issues();
  expect(pulls).toHaveLength(1);
  expect(pulls[0]).toMatchObject({ pull: { draft: false } });
  const events = world.repository.runs(state.pushed ?? "").map(({ event }) => event);
  expect(events.toSorted()).toEqual(["pull_request", "push"]);
});

test("a base other than the default is kept, and the merge leaves no branch behind", async () => {
  await using world = await makeGitHubWorld();
  await world.repository.commit("release", { other: "x\n" }, { from: "main" });
  const id = await world.createTask({ base: "release" });
  await using _worker = await world.startWorker();
  await world.ends(id, "ready");
  await world.merge(id);
  await world.ends(id, "merged");
  expect(await world.repository.read("release", "answer")).toBe("42");
  expect(await world.repository.branches()).toEqual(["main", "release"]);
});

test("a base that moved is taken in and judged again before the merge", async () => {
  await using world = await makeGitHubWorld();
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  const { state: before } = await world.ends(id, "ready");
  await world.repository.commit("main", { other: "file\n" });
  await world.merge(id);
  const { state } = await world.ends(id, "merged");
  expect(state.pushed).not.toBe(before.pushed);
  expect(world.repository.runs(state.pushed ?? "")).not.toHaveLength(0);
  expect(await world.repository.read("main", "other")).toBe("file");
  expect(await world.repository.read("main", "answer")).toBe("42");
});

test("an App's token that expires while CI is awaited is renewed, and pushes still go through", async () => {
  let app: AppHandle | undefined;
  await using world = await makeGitHubWorld({
    answers: ["41", "42"],
    // Less than what a token must have left: each is renewed at once.
    github: { tokenLifetimeMs: 3_000 },
    config: {},
    env: (github) => {
      app = github.createApp({ permissions: appPermissions });
      app.install("acme");
      return { AMPX_GITHUB_PRIVATE_KEY: app.privateKey, AMPX_GITHUB_APP_ID: String(app.appId) };
    },
  });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  await world.ends(id, "ready");
  expect(world.repository.issues()).toMatchObject([{ author: { login: "the-app[bot]" } }]);
});

test("what waits for a person's approval is named so", async () => {
  await using world = await makeGitHubWorld();
  world.github.planRun({}, { conclusion: "action_required" });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  const { state } = await world.ends(id, "needs_review");
  expect(state.phase).toMatchObject({
    reason: "ci_blocked",
    detail: /waits for a person's approval/,
  });
});

test.each([
  ["was renamed", (world: GitHubWorld) => world.repository.rename("gone"), null],
  ["is archived", (world: GitHubWorld) => world.repository.archive(), /archived on GitHub/],
])("a repository that %s (its state says so, or it is found)", async (_, change, words) => {
  await using world = await makeGitHubWorld();
  change(world);
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  // A renamed one leads on to where it is.
  const { state } = await world.ends(id, words === null ? "ready" : "error");
  if (words !== null) expect(state.phase).toMatchObject({ message: expect.stringMatching(words) });
});

test("a token that may not see the repository is told so", async () => {
  await using world = await makeGitHubWorld({
    env: (github) => ({ AMPX_GITHUB_TOKEN: github.createToken({ login: "stranger" }) }),
  });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  const { state } = await world.ends(id, "error");
  expect(state.phase).toMatchObject({
    message: expect.stringMatching(/not there, or not for this token/),
  });
});

test("with fail_fast the first red counts, and what still runs for it is cancelled by the next push", async () => {
  const slow = wants42
    .replace("name: CI", "name: Slow")
    .replace(/ {6}- run: [^]*$/, "      - run: sleep 1\n");
  await using world = await makeGitHubWorld({
    answers: ["41", "42"],
    files: { ".github/workflows/ci.yml": wants42, ".github/workflows/slow.yml": slow },
    config: { github: { fail_fast: true } },
  });
  world.github.plan({ workflow: "Slow", attempt: 1 }, { afterMs: 3_600_000 });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  const { state } = await world.until(
    id,
    (row) => row.state.phase.name === "awaiting_ci" && row.state.attempts.length === 2,
  );
  const [first, second] = state.attempts;
  const slowOf = (sha: string) =>
    world.repository.runs(sha).find(({ workflow }) => workflow.name === "Slow");
  expect(slowOf(first!.commit!)?.attempts[0]).toMatchObject({ conclusion: "cancelled" });
  expect(slowOf(second!.commit!)?.attempts[0]).toMatchObject({
    status: expect.not.stringMatching(/completed/),
  });
  await world.github.advance(3_600_000);
  await world.ends(id, "ready");
});
