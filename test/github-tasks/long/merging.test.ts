import { describe, expect, test, vi } from "vitest";
import {
  makeGitHubWorld,
  wants42,
  type GitHubWorld,
  type GitHubWorldOptions,
} from "../github-world.ts";

// Several turns of CI on a crowded machine.
vi.setConfig({ testTimeout: 180_000 });

const queued = wants42.replace("on: push", "on: [push, merge_group]");
const inQueue = { files: { ".github/workflows/ci.yml": queued } };

/** What CI says of the answer is not in question here, and not run. */
async function makeWorld(options: GitHubWorldOptions = {}): Promise<GitHubWorld> {
  const world = await makeGitHubWorld(options);
  world.github.plan({ repository: "acme/shop" }, {});
  return world;
}

const groupRuns = ({ repository }: GitHubWorld) =>
  repository.runs().filter(({ event }) => event === "merge_group");

const isQueued = (world: GitHubWorld, id: string, words: RegExp) =>
  world.until(
    id,
    ({ state, waitingFor }) =>
      state.phase.name === "awaiting_merge" && words.test(waitingFor ?? ""),
  );

const isRefused = (world: GitHubWorld, id: string, words: RegExp) =>
  world.until(
    id,
    ({ state: { phase } }) =>
      phase.name === "needs_review" && phase.reason === "merge_refused" && words.test(phase.detail),
  );

describe("a base with a merge queue", { concurrent: true }, () => {
  test("tasks wait in it together, each for its turn, and are merged one by one", async () => {
    await using world = await makeWorld(inQueue);
    const { repository, github } = world;
    repository.addRuleset({ branches: ["main"], mergeQueue: true });
    const hour = 3_600_000;
    github.plan({ event: "merge_group" }, { afterMs: hour });
    const ids = [await world.createTask(), await world.createTask()];
    await using _worker = await world.startWorker();
    for (const id of ids) await world.ends(id, "ready");
    for (const id of ids) await world.merge(id);
    const [one, two] = await Promise.all(
      ids.map((id) => isQueued(world, id, /^the merge queue of main/)),
    );
    const places = [one?.waitingFor, two?.waitingFor].map((text) => /\d/.exec(text ?? "")?.[0]);
    expect(new Set(places)).toEqual(new Set(["1", "2"]));
    expect(one?.leaseHolder).toBeNull();
    // Its approvals and its CI are kept: what the queue does is not done before.
    const pushed = one?.state.pushed;
    await github.advance(hour);
    await github.advance(hour);
    const [first] = await Promise.all(ids.map((id) => world.ends(id, "merged")));
    expect(first?.state.pushed).toBe(pushed);
    expect(groupRuns(world)).toHaveLength(2);
    expect(repository.issues().map(({ pull }) => pull?.mergedAt)).not.toContain(undefined);
    expect(await repository.branches()).toEqual(["main"]);
  });

  test("what fails there comes back with the reason, and may be merged again", async () => {
    await using world = await makeWorld(inQueue);
    const { repository, github } = world;
    repository.addRuleset({ branches: ["main"], mergeQueue: true });
    github.plan({ event: "merge_group" }, { conclusion: "failure" });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.ends(id, "ready");
    await world.merge(id);
    await isRefused(world, id, /taken out of the merge queue of main: failed checks/);
    expect(groupRuns(world)).toHaveLength(1);
    github.plan({ event: "merge_group" }, {});
    await world.merge(id);
    const { state } = await world.ends(id, "merged");
    expect(state.spent.attempts).toBe(1);
  });

  test("a 502 after it was put there puts it there once", async () => {
    await using world = await makeWorld(inQueue);
    world.repository.addRuleset({ branches: ["main"], mergeQueue: true });
    world.github.plan({ event: "merge_group" }, { afterMs: 500 });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.ends(id, "ready");
    // The first question is how it stands there.
    world.github.fail({ kind: "graphql", skip: 1 }, { status: 502, afterEffect: true });
    await world.merge(id);
    await world.ends(id, "merged");
    expect(groupRuns(world)).toHaveLength(1);
  });

  test("an abort takes it out first", async () => {
    await using world = await makeWorld(inQueue);
    world.repository.addRuleset({ branches: ["main"], mergeQueue: true });
    world.github.plan({ event: "merge_group" }, { afterMs: Infinity });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.ends(id, "ready");
    await world.merge(id);
    await isQueued(world, id, /merge queue/);
    await ask(world, id, "abort_requested");
    await world.ends(id, "aborted");
    expect(world.repository.issues()).toMatchObject([
      { state: "open", pull: { queued: undefined, dequeued: "MANUAL" } },
    ]);
  });

  test("says what is missing, or waits for it where auto-merge is allowed", async () => {
    await using world = await makeWorld(inQueue);
    const { repository } = world;
    repository.addRuleset({ branches: ["main"], mergeQueue: true });
    repository.protect("main", { approvals: 1 });
    repository.collaborator("mia", "write");
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.ends(id, "ready");
    await world.merge(id);
    await isRefused(world, id, /does not take .*approving review/);
    repository.settings({ allowAutoMerge: true });
    await world.merge(id);
    await isQueued(world, id, /^reviews or checks/);
    repository.review(1, { by: "mia", state: "APPROVED" });
    await world.ends(id, "merged");
    expect(groupRuns(world)).toHaveLength(1);
  });
});

describe("a base that requires reviews", { concurrent: true }, () => {
  const waiting = async (protection: { strict?: boolean } = {}, turns = ["42"]) => {
    const world = await makeWorld({ answers: turns });
    world.repository.settings({ allowAutoMerge: true });
    world.repository.protect("main", { approvals: 1, ...protection });
    world.repository.collaborator("mia", "write");
    const id = await world.createTask();
    await world.startWorker();
    await world.ends(id, "ready");
    await world.merge(id);
    await isQueued(world, id, /^reviews or checks that main requires/);
    return { world, id, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
  };
  const approve = ({ repository }: GitHubWorld) =>
    repository.review(1, { by: "mia", state: "APPROVED" });

  test("has it merged once they are there (auto-merge), whatever becomes of the base meanwhile", async () => {
    await using there = await waiting();
    const { world, id } = there;
    await world.repository.commit("main", { other: "file\n" });
    approve(world);
    const { state } = await world.ends(id, "merged");
    expect(await world.repository.read("main", "answer")).toBe("42");
    expect(await world.repository.read("main", "other")).toBe("file");
    expect(state.attempts).toHaveLength(1);
    expect(await world.repository.branches()).toEqual(["main"]);
  });

  test("and the newest base: it is put on that, judged again, and left to GitHub again", async () => {
    await using there = await waiting({ strict: true });
    const { world, id } = there;
    const { state: before } = (await world.store.readTask(id))!;
    await world.repository.commit("main", { other: "file\n" });
    await world.until(id, ({ state }) => state.pushed !== before.pushed);
    await isQueued(world, id, /^reviews or checks/);
    approve(world);
    const { state } = await world.ends(id, "merged");
    expect(world.repository.runs(state.pushed ?? "")).not.toHaveLength(0);
    expect(await world.repository.read("main", "other")).toBe("file");
  });

  test("lets go of it for an abort, and for a person's words, which go to the agent", async () => {
    await using there = await waiting({}, ["42", "42\nmore"]);
    const { world, id } = there;
    await world.store.request(
      id,
      { type: "continue_requested", at: Date.now(), by: "mia", text: "More.", allow: [] },
      () => null,
    );
    await world.until(id, ({ state }) => state.phase.name === "coding");
    expect(world.repository.issue(1).pull?.autoMerge).toBeUndefined();
    await ask(world, id, "abort_requested");
    await world.ends(id, "aborted");
  });

  test("what is done twice, as no answer came, is done once: left to GitHub, and taken back", async () => {
    await using world = await makeWorld();
    world.repository.settings({ allowAutoMerge: true });
    world.repository.protect("main", { approvals: 1 });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.ends(id, "ready");
    const lost = { status: 502, afterEffect: true };
    world.github.fail({ kind: "graphql" }, lost);
    await world.merge(id);
    await isQueued(world, id, /^reviews or checks/);
    world.github.forgetRequests();
    // The first question is how it stands.
    world.github.fail({ kind: "graphql", skip: 1 }, lost);
    await ask(world, id, "abort_requested");
    const { state } = await world.ends(id, "aborted");
    expect(state.phase).toEqual({ name: "aborted", by: "kim" });
    expect(world.repository.issue(1).pull?.autoMerge).toBeUndefined();
  });

  test("a colleague's commit meanwhile is not merged unseen", async () => {
    await using there = await waiting();
    const { world, id } = there;
    await world.repository.commit("amp/task-1", { extra: "x\n" }, { by: "mia" });
    await isRefused(world, id, /somebody has pushed .* was seen green here/);
    approve(world);
    expect(world.repository.issue(1).pull).toMatchObject({
      autoMerge: undefined,
      mergedAt: undefined,
    });
  });

  test("a pull request that a person closes is not merged; reopened, it may be asked for again", async () => {
    await using there = await waiting();
    const { world, id } = there;
    world.repository.close(1, "mia");
    await isRefused(world, id, /was closed: reopen it, then ask to merge again/);
    await world.merge(id);
    await world.until(id, ({ state }) => state.requests.merge === null);
    await isRefused(world, id, /no open pull request of amp\/task-1; if it was closed, reopen it/);
    world.repository.reopen(1);
    approve(world);
    await world.merge(id);
    await world.ends(id, "merged");
  });

  test("without auto-merge it is said what is missing, and merged when it is there", async () => {
    await using world = await makeWorld();
    world.repository.protect("main", { approvals: 1 });
    world.repository.collaborator("mia", "write");
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.ends(id, "ready");
    await world.merge(id);
    await isRefused(world, id, /reviews or checks that the branch requires are missing/);
    approve(world);
    await ask(world, id, "continue_requested");
    const { state } = await world.ends(id, "merged");
    expect(state.spent.turns).toBe(1);
  });
});

test("a conflict is told to the agent, whose merge of both sides goes in", async () => {
  await using world = await makeWorld({
    turns: [
      [{ write: "answer", content: "42\n" }],
      [
        {
          run: "git merge -q $(git rev-parse origin/main) || { printf '42\\n' > answer && git add answer && git commit -qm merged; }",
        },
      ],
    ],
  });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  await world.ends(id, "ready");
  const main = await world.repository.commit("main", { answer: "7\n", other: "file\n" });
  await world.merge(id);
  const { state } = await world.ends(id, "needs_review");
  expect(state.phase).toMatchObject({
    reason: "conflict",
    detail: `answer (the base is at ${main.slice(0, 12)})`,
  });
  await ask(world, id, "continue_requested");
  await world.until(id, ({ state: { phase } }) => phase.name === "coding");
  await world.ends(id, "ready");
  await world.merge(id);
  await world.ends(id, "merged");
  expect(await world.repository.read("main", "answer")).toBe("42");
  expect(await world.repository.read("main", "other")).toBe("file");
});

async function ask(
  { store }: GitHubWorld,
  id: string,
  type: "abort_requested" | "continue_requested",
): Promise<void> {
  const by = { at: Date.now(), by: "kim" };
  const event = type === "abort_requested" ? { type, ...by } : { type, ...by, text: "", allow: [] };
  const asked = await store.request(id, event, () => null);
  if (asked.is !== "appended") throw new Error(asked.is);
}
