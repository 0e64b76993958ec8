import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig, newTask, taskDefaults, type RequestEvent, type TaskId } from "@ampx/core";
import { describe, expect, test } from "vitest";
import { makeGitHubWorld, type GitHubWorld, type GitHubWorldOptions } from "../github-world.ts";

const heard = { commands: true, watch: ["acme/shop"], review_seconds: 0.2 };

/** A worker that hears commands; mia may write, eve may not. */
async function hearing(github: Record<string, unknown> = heard, more: GitHubWorldOptions = {}) {
  const world = await makeGitHubWorld({ ...more, config: { agent: "scripted", github } });
  world.repository.collaborator("mia", "write");
  return world;
}

/** Once it hears: what was said before is nobody's wish. */
async function watched({ store, github }: GitHubWorld): Promise<void> {
  const feed = `${new URL(github.url).host}/acme/shop labels`;
  while ((await store.readMark(feed)) === null) await sleep(20);
}

/** The only task, once there is one. */
async function onlyTask({ store }: GitHubWorld): Promise<TaskId> {
  for (;;) {
    const { tasks } = await store.listTasks({ limit: 10 });
    const [task, ...others] = tasks;
    if (others.length > 0) throw new Error(`${tasks.length} tasks`);
    if (task !== undefined) return task.id;
    await sleep(20);
  }
}

describe("from GitHub", { concurrent: true }, () => {
  test("the label of somebody who may write becomes a pull request that closes the issue; a stranger's does nothing", async () => {
    await using world = await hearing();
    const { repository } = world;
    await using _worker = await world.startWorker();
    await watched(world);
    const theirs = repository.openIssue("Not this", { by: "eve" });
    repository.label(theirs.number, "ampx", "eve");
    const issue = repository.openIssue("Answer with 42", { body: "See #7, @kim.", by: "eve" });
    repository.label(issue.number, "ampx", "mia");
    const id = await onlyTask(world);
    const { state } = await world.ends(id, "ready");

    expect(state.task).toMatchObject({ createdBy: "mia", issue: 2, title: "Answer with 42" });
    expect(state.issue).toEqual({ title: "Answer with 42", text: "See #7, @kim." });
    const pull = repository.issues().find((one) => one.pull !== undefined);
    expect(pull?.title).toBe("Answer with 42");
    expect(pull?.body).toMatch(/^<!-- ampx: begin -->\nCloses #2\n/);
    expect(issue.comments.map(({ body }) => body)).toEqual([
      `ampx task \`${id.slice(-6).toLowerCase()}\` works on this with scripted, on the branch \`${state.task.branch}\`. \`/ampx abort\` here, or \`ampx abort ${id.slice(-6).toLowerCase()}\`, ends it; \`/ampx\` and words tell it more.\n\n<!-- ampx: task ${id} -->`,
    ]);
    expect(theirs.comments).toEqual([]);
    await onlyTask(world);
  });

  test("words below the pull request are one more attempt, once, also for a worker that is started anew; merge merges", async () => {
    await using world = await hearing(heard, { answers: ["42", "7\n42"] });
    const { repository } = world;
    const id = await world.createTask();
    {
      await using _worker = await world.startWorker();
      await world.ends(id, "ready");
      const { number } = repository.issues()[0]!;
      repository.comment(number, "/ampx Say 7 first.", "eve");
      repository.comment(number, "/ampx Say 7 first, please.", "mia");
      await world.until(
        id,
        ({ state, leaseHolder }) =>
          state.spent.attempts === 2 && state.phase.name === "ready" && leaseHolder === null,
      );
    }
    repository.comment(repository.issues()[0]!.number, "/ampx merge", "mia");
    await using _worker = await world.startWorker();
    await world.ends(id, "merged");
    const story = (await world.story(id)).map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    );
    const asked = story.filter(({ type }) => String(type).endsWith("_requested"));
    expect(asked.map(({ type, by, text }) => [type, by, text]).toReversed()).toEqual([
      ["continue_requested", "mia", "Say 7 first, please."],
      ["merge_requested", "mia", undefined],
    ]);
    expect(await repository.read("main", "answer")).toBe("7\n42");
  });

  test("nobody is heard where nobody said so in the config", async () => {
    await using world = await hearing({ watch: ["acme/shop"], review_seconds: 0.1 });
    const { repository } = world;
    const issue = repository.openIssue("Answer with 42", { labels: ["ampx"] });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.until(id, ({ state }) => state.phase.name === "awaiting_ci");
    repository.comment(issue.number, "/ampx do it");
    repository.label(issue.number, "ampx");
    await world.ends(id, "ready");
    await onlyTask(world);
    expect(issue.comments).toHaveLength(1);
    const asked = world.github.requests().map(({ path }) => path);
    expect(asked.filter((path) => /\/issues\/(?:comments|events)$/.test(path))).toEqual([]);
  });

  test("a task that a person starts for an issue reads it, tells it, and names it as configured, also when it was ended before it began", async () => {
    await using world = await hearing({ link_issues: "refs" });
    const { repository, store } = world;
    const issue = repository.openIssue("The answer is wrong", { body: "It should be 42." });
    const id = await startFor(world, issue.number);
    const absent = await startFor(world, 99);
    const at = Date.now();
    await store.request(id, { type: "abort_requested", at, by: "kim" }, () => null);
    // It is there; only the answer is lost.
    const telling = { method: "POST", path: /\/issues\/1\/comments$/ };
    world.github.fail(telling, { status: 502, afterEffect: true });
    await using _worker = await world.startWorker();
    await world.ends(id, "aborted");
    const words = { by: "kim", text: "Go on.", allow: [] };
    const goOn: RequestEvent = { type: "continue_requested", at, ...words };
    await store.request(id, goOn, () => null);
    const { state } = await world.ends(id, "ready");
    const pull = repository.issues().find((one) => one.pull !== undefined);
    expect(pull?.title).toBe("The answer is wrong");
    expect(pull?.body).toMatch(/^<!-- ampx: begin -->\nRefs #1\n/);
    expect(issue.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining(`\`ampx abort ${id.slice(-6).toLowerCase()}\` ends it.`),
    ]);
    expect(world.github.requests().filter(({ status }) => status === 502)).toHaveLength(1);
    expect(state.issue?.text).toBe("It should be 42.");
    const { phase } = (await world.ends(absent, "error")).state;
    expect(phase).toMatchObject({ message: expect.stringContaining("issues/99") as string });
    expect((await store.readTask(absent))?.state.issue).toBeNull();
  });
});

/** As `ampx start --issue` does. */
async function startFor({ store, repository }: GitHubWorld, issue: number): Promise<TaskId> {
  const { config } = loadConfig({});
  const wish = { repo: repository.cloneUrl, base: "HEAD", createdBy: "kim", issue };
  const id = `01ARZ3NDEKTSV4RRFFQ69G6F${String(issue).padStart(2, "0")}`;
  const defaults = { ...taskDefaults(config), agent: "scripted" };
  await store.createTask(newTask(wish, defaults, id, Date.now()));
  return id;
}
