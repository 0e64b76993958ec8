import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evolve, loadConfig, newTask, taskDefaults } from "@ampx/core";
import { openStore, type Store } from "@ampx/store";
import { connectGitHub } from "@ampx/worker/github/connect";
import { commandDuty } from "@ampx/worker/github/inbox/commands";
import { expect, test } from "vitest";
import { startGitHub } from "../../github/github.ts";

const shop = { owner: "acme", name: "shop" };
const never = new AbortController().signal;

/** The worker's ear at a repository, without tasks being worked on. mia may write, sam may triage, and anybody may read. */
async function ear(given: Record<string, unknown> = {}) {
  await using made = new AsyncDisposableStack();
  const start = Math.floor(Date.now() / 1_000) * 1_000;
  const github = made.use(await startGitHub({ now: () => start }));
  const repository = await github.createRepository("acme/shop");
  repository.collaborator("mia", "write");
  repository.collaborator("sam", "triage");
  const { config } = loadConfig({
    env: {},
    userYaml: {
      file: "config",
      text: JSON.stringify({ github: { url: github.url, commands: true, ...given } }),
    },
  });
  const clock = { now: () => github.now(), awake: () => github.now(), sleep: async () => {} };
  const env = { AMPX_GITHUB_TOKEN: github.createToken({ login: "acme" }) };
  const connected = await connectGitHub({ config: config.github, env, clock }, never);
  const folder = await mkdtemp(join(tmpdir(), "ampx-heard-"));
  made.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, "ampx.db");
  const store = made.use(await openStore({ file, redact: (text) => text }));
  let duty = commandDuty();
  const moved = made.move();
  return {
    github,
    repository,
    store,
    listen: (through: Store = store) =>
      duty.look(
        {
          connected,
          repository: shop,
          store: through,
          config,
          clock,
          redact: (text) => text.replaceAll("hunter2", "…"),
          home: "/home",
        },
        never,
      ),
    watched: () => duty.repositories({ store, config, home: "/home", clock }),
    /** Another worker, which knows what the store knows. */
    restart: () => void (duty = commandDuty()),
    tasks: async () =>
      (await store.listTasks({ limit: 50 })).tasks.map(({ state }) => state).toReversed(),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

test("a label starts a task by who set it, once, with what tasks get by the config", async () => {
  await using world = await ear({ label: "Agent" });
  const { repository } = world;
  await world.listen();
  const { number } = repository.openIssue("Prices need two decimals", { body: "1250 is 12.50" });
  repository.label(number, "agent", "mia");
  repository.label(number, "bug", "mia");
  await world.listen();
  await world.listen();
  world.restart();
  await world.listen();

  const [state, ...others] = await world.tasks();
  expect(others).toEqual([]);
  expect(state?.task).toMatchObject({
    repo: repository.cloneUrl,
    base: "HEAD",
    title: "Prices need two decimals",
    prompt: `Do what issue #${number} asks for.`,
    branch: expect.stringMatching(/^amp\/prices-need-two-decimals-[0-9a-z]{6}$/) as string,
    agent: "amp",
    createdBy: "mia",
    issue: number,
  });
  expect(state?.budget).toMatchObject({ maxAttempts: 5 });
});

test("nobody is heard who may not write, nor a program, nor what ampx says itself, nor a quotation", async () => {
  await using world = await ear();
  const { repository, github } = world;
  await world.listen();
  const { number } = repository.openIssue("Ours", { by: "eve" });
  repository.comment(number, "/ampx do it", "eve");
  repository.comment(number, "/ampx do it", "sam");
  repository.label(number, "ampx", "sam");
  repository.comment(number, "> /ampx do it\n\nWell?", "mia");
  repository.comment(number, "I said /ampx do it", "mia");
  repository.comment(number, "/ampxy", "mia");
  repository.comment(number, "/ampx do it\n<!-- ampx: task 1 -->", "mia");
  const { slug } = github.createApp({ permissions: { issues: "write" } });
  repository.collaborator(`${slug}[bot]`, "admin");
  repository.comment(number, "/ampx do it", `${slug}[bot]`);
  repository.label(number, "ampx", `${slug}[bot]`);
  await world.listen();
  expect(await world.tasks()).toEqual([]);
  // An answer would tell what there is.
  expect(repository.issue(number).comments).toHaveLength(7);
});

test("what was said before the repository was first watched is not heard, nor what is put into an old comment", async () => {
  await using world = await ear();
  const { repository, github } = world;
  const { number } = repository.openIssue("Old");
  repository.comment(number, "/ampx do it", "mia");
  repository.label(number, "ampx", "mia");
  await github.advance(1_000);
  await world.listen();
  await github.advance(60_000);
  const comment = repository.issue(number).comments[0]!;
  comment.body = "/ampx do it now";
  comment.updatedAt = github.now();
  await world.listen();
  expect(await world.tasks()).toEqual([]);
});

test("what was said while no worker listened is heard later, for some days", async () => {
  await using world = await ear();
  const { repository, github } = world;
  await world.listen();
  const { number } = repository.openIssue("Mend it");
  repository.comment(number, "/ampx too late", "mia");
  await github.advance(10 * 24 * 60 * 60_000);
  repository.comment(number, "/ampx in time", "mia");
  await github.advance(3 * 24 * 60 * 60_000);
  world.restart();
  await world.listen();
  expect((await world.tasks()).map(({ task }) => task.prompt)).toEqual(["in time"]);
});

test("whatever a worker dies at between two writes, each wish is met once", async () => {
  await using world = await ear();
  const { repository, github } = world;
  await world.listen();
  const { number } = repository.openIssue("Mend it");
  repository.comment(number, "/ampx first", "mia");
  await github.advance(1_000);
  repository.comment(number, "/ampx second", "mia");
  // Dies before each of its writes in turn, and after each.
  for (const dies of ["createTask", "request", "setReadMark"] as const) {
    for (const when of ["before", "after"] as const) {
      const real = world.store[dies].bind(world.store) as (...args: unknown[]) => Promise<unknown>;
      const killed = async (...args: unknown[]) => {
        if (when === "after") await real(...args);
        throw new Error("killed");
      };
      await expect(
        world.listen({ ...world.store, [dies]: killed }),
        `${when} ${dies}`,
      ).rejects.toThrow("killed");
      world.restart();
    }
  }
  await world.listen();
  const [state, ...others] = await world.tasks();
  expect(others).toEqual([]);
  expect(state?.task.prompt).toBe("first");
  expect(state?.requests.words.map(({ text, by }) => [text, by])).toEqual([["second", "mia"]]);
});

test("a task is asked what its commands say, and whoever asks for what cannot be is told why, once", async () => {
  await using world = await ear();
  const { repository, github, store } = world;
  await world.listen();
  const { number } = repository.openIssue("Mend it", { body: "hunter2" });
  repository.comment(number, "/AMPX\nIn two\r\nlines.", "mia");
  await world.listen();
  await github.advance(1_000);
  repository.comment(number, "/ampx", "mia");
  await world.listen();
  world.restart();
  await world.listen();
  const said = () => repository.issue(number).comments.map(({ body }) => body);
  expect(said()).toEqual([
    "/AMPX\nIn two\r\nlines.",
    "/ampx",
    expect.stringMatching(/^ampx cannot do that: it waits for nobody: say what it shall do\.\n/),
  ]);
  await github.advance(1_000);
  repository.comment(number, "/ampx abort", "acme");
  await world.listen();
  const [state, ...others] = await world.tasks();
  expect(others).toEqual([]);
  expect(state?.task.prompt).toBe("In two\nlines.");
  expect(state?.requests.abort?.by).toBe("acme");
  expect(said()).toHaveLength(4);
  expect(await store.countByStatus()).toEqual({ queued: 1 });
});

test("words below a pull request are for the task whose branch it is of, not for one of a fork or of nobody", async () => {
  await using world = await ear();
  const { repository, store } = world;
  await world.listen();
  const wish = { repo: repository.cloneUrl, base: "HEAD", createdBy: "kim", prompt: "Mend it" };
  const defaults = { ...taskDefaults(loadConfig({}).config), branchPrefix: "bot/" };
  const made = newTask(wish, defaults, "01ARZ3NDEKTSV4RRFFQ69G5FAV", world.github.now());
  await store.createTask(made);
  const { branch } = made.task;
  await repository.commit(branch, { a: "1" });
  const ours = await repository.openPull(branch);
  await repository.commit("mine", { a: "1" });
  const nobodys = await repository.openPull("mine");
  await repository.commit(branch, { a: "2" }, { from: "main" });
  const forks = await repository.openPull(branch, { base: "mine" });
  Object.assign(forks.pull!, { headRepositoryId: 1 });
  for (const { number } of [ours, nobodys, forks])
    repository.comment(number, `/ampx mend ${number}`, "mia");
  await world.listen();
  const [state, ...others] = await world.tasks();
  expect(others).toEqual([]);
  expect(state?.requests.words.map(({ text }) => text)).toEqual([`mend ${ours.number}`]);
  for (const { number } of [nobodys, forks])
    expect(repository.issue(number).comments.at(-1)?.body).toMatch(/^ampx has no task here/);
});

test("one label more starts nothing while a task is at it, and a new one once that was aborted", async () => {
  await using world = await ear();
  const { repository, github, store } = world;
  await world.listen();
  const { number } = repository.openIssue("Mend it");
  repository.label(number, "ampx", "mia");
  await world.listen();
  await github.advance(1_000);
  repository.unlabel(number, "ampx", "mia");
  repository.label(number, "ampx", "mia");
  await world.listen();
  expect(await world.tasks()).toHaveLength(1);
  await abort(store);
  await github.advance(1_000);
  repository.unlabel(number, "ampx", "mia");
  repository.label(number, "ampx", "mia");
  await world.listen();
  expect(await world.tasks()).toHaveLength(2);
});

test("a token that may not ask who may write loses nothing: it is heard once that is mended", async () => {
  await using world = await ear();
  const { repository, github } = world;
  await world.listen();
  const { number } = repository.openIssue("Mend it");
  repository.comment(number, "/ampx do it", "mia");
  github.fail({ method: "GET", path: /\/permission$/ }, { status: 403 });
  await expect(world.listen()).rejects.toThrow("does not let the token do this");
  // It is not asked anew at every look.
  await github.advance(5 * 60_000);
  await world.listen();
  expect(await world.tasks()).toHaveLength(1);
});

test("repositories that the config names are watched, and those of tasks that moved of late", async () => {
  await using world = await ear({ watch: ["acme/site", "/srv/repo.git"] });
  const names = async () => (await world.watched()).map(({ owner, name }) => `${owner}/${name}`);
  expect(await names()).toEqual(["acme/site"]);
  await world.listen();
  const { number } = world.repository.openIssue("Mend it");
  world.repository.comment(number, "/ampx", "mia");
  await world.listen();
  expect(await names()).toEqual(["acme/site", "acme/shop"]);
  await world.github.advance(31 * 24 * 60 * 60_000);
  expect(await names()).toEqual(["acme/site"]);
});

/** As a worker would that claims it. */
async function abort(store: Store): Promise<void> {
  const holder = { host: "here", pid: 1, startedAt: "boot" };
  const claim = await store.claim({
    id: "w",
    holder,
    slots: 1,
    leaseMs: 1_000,
    now: Date.now() + 60_000,
  });
  if (claim === undefined) throw new Error("no task is due");
  const event = { type: "aborted", at: claim.state.task.createdAt, by: "kim" } as const;
  await store.append(claim.lease, claim.seq, event, evolve(claim.state, event));
}
