import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { AppHandle } from "../../github/people/credentials.ts";
import {
  appPermissions,
  makeGitHubWorld,
  type GitHubWorld,
  type GitHubWorldOptions,
} from "../github-world.ts";

// Several turns of CI on a crowded machine.
vi.setConfig({ testTimeout: 180_000 });

const needsReview = (reason: string, words: RegExp) => ({
  name: "needs_review",
  reason,
  detail: expect.stringMatching(words),
});
const error = (words: RegExp) => ({ name: "error", message: expect.stringMatching(words) });

/** A task whose CI goes on until it is let go. */
async function inCi(options: GitHubWorldOptions = {}) {
  const world = await makeGitHubWorld(options);
  world.github.plan({ repository: "acme/shop" }, { afterMs: hour });
  const id = await world.createTask();
  const worker = await world.startWorker();
  await world.until(id, ({ waitingFor }) => waitingFor?.includes("CI runs") === true);
  return {
    world,
    id,
    worker,
    /** Ends CI, green, and what comes after it at once. */
    async ciEnds() {
      world.github.plan({ repository: "acme/shop" }, {});
      await world.github.advance(hour);
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
const hour = 3_600_000;

/** Until it rests in a phase; what is asked for is answered then. */
const rests = (world: GitHubWorld, id: string, name: "error" | "needs_review") =>
  world.until(
    id,
    ({ state: { phase, requests }, leaseHolder }) =>
      phase.name === name && requests.words.length === 0 && leaseHolder === null,
  );

async function goOn({ store }: GitHubWorld, id: string, text = ""): Promise<void> {
  const asked = await store.request(
    id,
    { type: "continue_requested", at: Date.now(), by: "kim", text, allow: [] },
    () => null,
  );
  if (asked.is !== "appended") throw new Error(asked.is);
}

describe("a person meddles while CI runs", { concurrent: true }, () => {
  test("the branch is deleted: it is said, and pushed again when they say go on", async () => {
    await using there = await inCi();
    const { world, id } = there;
    await world.repository.deleteBranch("amp/task-1");
    await there.ciEnds();
    const { state } = await rests(world, id, "needs_review");
    expect(state.phase).toMatchObject(
      needsReview("branch_moved", /deleted on GitHub; ampx continue pushes it again/),
    );
    await goOn(world, id);
    const { state: after } = await world.ends(id, "ready");
    expect(after.spent.turns).toBe(1);
    expect(await world.repository.read("amp/task-1", "answer")).toBe("42");
  });

  test.each([
    ["moved by force", { from: "main" }],
    ["added to by a colleague", {}],
  ])("the branch is %s: theirs stays, and it is said how to go on", async (_, how) => {
    await using there = await inCi();
    const { world, id } = there;
    const { state: before } = (await world.store.readTask(id))!;
    const theirs = await world.repository.commit("amp/task-1", { other: "x\n" }, how);
    await there.ciEnds();
    const words = new RegExp(
      `moved to ${theirs.slice(0, 10)} by somebody else.*git push --force origin ${before.pushed}:amp/task-1.*then ampx continue`,
    );
    expect((await rests(world, id, "needs_review")).state.phase).toMatchObject(
      needsReview("branch_moved", words),
    );
    await goOn(world, id);
    const { state } = await rests(world, id, "needs_review");
    expect(state.phase).toMatchObject(needsReview("branch_moved", /is at .*ampx had pushed/));
    expect(state.spent.turns).toBe(1);
    expect(await world.repository.sha("amp/task-1")).toBe(theirs);
    expect(world.repository.issues()).toEqual([]);
  });

  test("the default branch is renamed: the change is for the new one", async () => {
    await using there = await inCi();
    const { world, id } = there;
    await world.repository.renameBranch("main", "trunk");
    await there.ciEnds();
    await world.ends(id, "ready");
    expect(world.repository.issues()).toMatchObject([{ pull: { base: "trunk" } }]);
    await world.merge(id);
    await world.ends(id, "merged");
    expect(await world.repository.read("trunk", "answer")).toBe("42");
  });

  test("the repository is archived: it is said, and gone on with once it is not", async () => {
    await using there = await inCi();
    const { world, id } = there;
    world.repository.archive();
    await there.ciEnds();
    expect((await rests(world, id, "error")).state.phase).toMatchObject(
      error(/archived on GitHub.*unarchive it.*ampx continue/),
    );
    world.repository.archive(false);
    await goOn(world, id);
    const { state } = await world.ends(id, "ready");
    expect(state.spent.turns).toBe(1);
  });

  test("the repository is deleted: it is said, and the work is still in its worktree", async () => {
    await using there = await inCi();
    const { world, id } = there;
    world.repository.delete();
    expect((await rests(world, id, "error")).state.phase).toMatchObject(
      error(/shows no acme\/shop .*not there, or not for this token.*ampx continue/),
    );
    expect(await readFile(join(world.home, "worktrees", id, "answer"), "utf8")).toBe("42\n");
  });

  test("the token is revoked: a new one, and the task goes on where it was", async () => {
    await using there = await inCi();
    const { world, id, worker } = there;
    world.github.revokeToken(world.token);
    expect((await rests(world, id, "error")).state.phase).toMatchObject(
      error(/does not know the token.*a new token for the worker, then ampx continue/),
    );
    await worker[Symbol.asyncDispose]();
    await world.startWorker(undefined, {
      AMPX_GITHUB_TOKEN: world.github.createToken({ login: "acme" }),
    });
    await goOn(world, id);
    await there.ciEnds();
    const { state } = await world.ends(id, "ready");
    expect(state.spent.turns).toBe(1);
    expect(world.repository.runs()).toHaveLength(1);
  });

  test("the App is suspended: it is said, and gone on with once it is not", async () => {
    let app: AppHandle | undefined;
    let installation = 0;
    await using there = await inCi({
      env: (github) => {
        app = github.createApp({ permissions: appPermissions });
        installation = app.install("acme");
        return { AMPX_GITHUB_PRIVATE_KEY: app.privateKey, AMPX_GITHUB_APP_ID: String(app.appId) };
      },
    });
    const { world, id } = there;
    app?.suspend(installation);
    expect((await rests(world, id, "error")).state.phase).toMatchObject(
      error(/suspended.*unsuspend.*then ampx continue/),
    );
    app?.unsuspend(installation);
    await goOn(world, id);
    await there.ciEnds();
    await world.ends(id, "ready");
  });
});

describe("from the start", { concurrent: true }, () => {
  test("Actions are switched off", async () => {
    await using world = await makeGitHubWorld();
    world.repository.disableActions();
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    expect((await rests(world, id, "needs_review")).state.phase).toEqual(
      needsReview("no_ci", /Actions are switched off/),
    );
    expect(await world.repository.read("amp/task-1", "answer")).toBe("42");
  });

  test("the key is of another App", async () => {
    await using world = await makeGitHubWorld({
      env: (github) => {
        const app = github.createApp({ permissions: appPermissions });
        const other = github.createApp({ permissions: appPermissions, slug: "other" });
        app.install("acme");
        return { AMPX_GITHUB_PRIVATE_KEY: other.privateKey, AMPX_GITHUB_APP_ID: String(app.appId) };
      },
    });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    expect((await rests(world, id, "error")).state.phase).toMatchObject(
      error(/does not take App \d+.*a private key of this very App/),
    );
  });

  test("the clock of the machine is three hours ahead: an App's task ends green all the same", async () => {
    await using world = await makeGitHubWorld({
      github: { now: () => Date.now() - 3 * hour },
      env: (github) => {
        const app = github.createApp({ permissions: appPermissions });
        app.install("acme");
        return { AMPX_GITHUB_PRIVATE_KEY: app.privateKey, AMPX_GITHUB_APP_ID: String(app.appId) };
      },
    });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.ends(id, "ready");
  });

  test("the repository is empty: a first commit, and it is gone on with", async () => {
    await using world = await makeGitHubWorld();
    const empty = await world.github.createRepository("acme/empty", { files: {} });
    const id = await world.createTask({ repo: empty.cloneUrl });
    await using _worker = await world.startWorker();
    expect((await rests(world, id, "error")).state.phase).toMatchObject(
      error(/acme\/empty is empty.*push a first commit, then ampx continue/),
    );
    await empty.commit("main", {
      ".github/workflows/ci.yml": "on: push\njobs: {t: {runs-on: x, steps: [{run: 'true'}]}}\n",
    });
    await goOn(world, id);
    await world.ends(id, "ready");
  });

  test("the repository is a fork: its pull request is in the fork", async () => {
    await using world = await makeGitHubWorld();
    const fork = await world.github.createRepository("kim/shop", {
      fork: true,
      files: {
        ".github/workflows/ci.yml": "on: push\njobs: {t: {runs-on: x, steps: [{run: 'true'}]}}\n",
      },
    });
    fork.collaborator("acme", "write");
    const id = await world.createTask({ repo: fork.cloneUrl });
    await using _worker = await world.startWorker();
    const { state } = await world.ends(id, "ready");
    expect(state.change).toContain("/kim/shop/pull/1");
    expect(world.repository.issues()).toEqual([]);
  });
});

test("a pull request that a person closed is opened again for what they then ask for", async () => {
  await using world = await makeGitHubWorld({ answers: ["42", "42\n\n"] });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  await world.ends(id, "ready");
  world.repository.close(1);
  await goOn(world, id, "Do it otherwise.");
  await world.until(id, ({ state }) => state.spent.turns === 2);
  await world.ends(id, "ready");
  expect(world.repository.issues()).toMatchObject([{ number: 1, state: "open" }]);
});
