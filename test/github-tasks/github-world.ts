import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRedactor, homePaths, loadConfig, type Budget, type TaskId } from "@ampx/core";
import { openStore, type Store, type TaskRow } from "@ampx/store";
import { composeWorker, work, type WorkerDeps } from "@ampx/worker";
import { stringify } from "yaml";
import { startGitHub, type FakeGitHub, type GitHubOptions } from "../github/github.ts";
import type { RepositoryHandle } from "../github/people/repository-handle.ts";
import { simulatedTime } from "./simulated-time.ts";

/** A repository on a GitHub of this machine, a home with a store, and a scripted agent. */
export interface GitHubWorld extends AsyncDisposable {
  github: FakeGitHub;
  repository: RepositoryHandle;
  home: string;
  store: Store;
  /** What the worker is for GitHub, unless `env` says otherwise. */
  token: string;
  /** For a worker in a process of its own: what `startWorkerProcess` takes. */
  env: NodeJS.ProcessEnv;
  /** `repo`: another repository than the world's. */
  createTask(more?: {
    budget?: Partial<Budget>;
    base?: string;
    prompt?: string;
    repo?: string;
    /** The number of the issue that it is for. */
    issue?: number;
  }): Promise<TaskId>;
  /** Runs a worker in this process until its scope ends. `more`: variables of its own. */
  startWorker(
    change?: (deps: WorkerDeps) => WorkerDeps,
    more?: Record<string, string>,
  ): Promise<AsyncDisposable>;
  until(id: TaskId, is: (row: TaskRow) => boolean): Promise<TaskRow>;
  /** Waits until the task is at rest in this phase. */
  ends(id: TaskId, phase: string): Promise<TaskRow>;
  merge(id: TaskId): Promise<void>;
  /** The text of the events of a task, one a line. */
  story(id: TaskId): Promise<string[]>;
}

export interface GitHubWorldOptions {
  /** What the scripted agent writes to `answer`, a turn each. */
  answers?: string[];
  /** What it does instead, a list of steps a turn. */
  turns?: Record<string, unknown>[][];
  /** By path; a workflow that wants 42 by default. */
  files?: Record<string, string>;
  config?: Record<string, unknown>;
  env?: (github: FakeGitHub) => Record<string, string>;
  github?: GitHubOptions;
  /** Time passes only while every task waits, and then at once; what is configured of GitHub's pauses by default holds. */
  simulated?: boolean;
}

export const wants42 = `name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          grep -qx 42 answer || { echo "FAIL: the answer is $(cat answer)"; exit 1; }
`;

/** What the loop needs of an App. */
export const appPermissions = {
  contents: "write",
  pull_requests: "write",
  actions: "write",
  checks: "read",
  statuses: "read",
  workflows: "write",
  metadata: "read",
} as const;

export async function makeGitHubWorld(options: GitHubWorldOptions = {}): Promise<GitHubWorld> {
  const { answers = ["42"], files = { ".github/workflows/ci.yml": wants42 } } = options;
  const { simulated = false } = options;
  const root = await realpath(await mkdtemp(join(tmpdir(), "ampx github ")));
  const home = join(root, "home");
  await mkdir(home);
  const start = Date.UTC(2026, 10, 2, 9);
  const github = await startGitHub({ ...(simulated && { now: () => start }), ...options.github });
  const time = simulated ? simulatedTime(github) : null;
  const now = time?.clock.now ?? Date.now;
  const repository = await github.createRepository("acme/shop", {
    files: { answer: "0\n", ...files },
  });
  // What is really run would take no time where time is simulated.
  github.plan({ repository: "acme/shop" }, simulated ? {} : { execute: true });
  const token = github.createToken({ login: "acme" });

  const script = join(root, "script.yaml");
  const turns =
    options.turns ??
    answers.map((text) => [{ write: "answer", content: `${text}\n` }, { say: `It is ${text}.` }]);
  await writeFile(script, stringify({ turns }));
  const env: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    HOME: root,
    AMPX_HOME: home,
    AMPX_AGENTS_SCRIPTED_SCRIPT: script,
    ...(options.env?.(github) ?? { AMPX_GITHUB_TOKEN: token }),
  };
  const text = stringify({
    ci: { check_base: false },
    ...options.config,
    github: {
      url: github.url,
      ...(!simulated && { poll_seconds: 0.1, first_run_seconds: 1.5, settle_seconds: 0.2 }),
      ...(options.config?.["github"] as object | undefined),
    },
  });
  const { config } = loadConfig({ env, userYaml: { file: "the world's config", text } });
  const redact = createRedactor([token]);
  const store = await openStore({ file: homePaths(home).database, redact, clock: { now } });
  const workers: AsyncDisposable[] = [];
  let tasks = 0;

  const until = async (id: TaskId, is: (row: TaskRow) => boolean): Promise<TaskRow> => {
    const deadline = performance.now() + 50_000;
    for (;;) {
      const row = await store.readTask(id);
      if (row !== undefined && is(row)) return row;
      if (performance.now() > deadline)
        throw new Error(
          `the task is ${JSON.stringify(row?.state.phase)}, waiting for ${row?.waitingFor}\n${(await story(id)).join("\n")}`,
        );
      await sleep(20);
    }
  };
  const story = async (id: TaskId) =>
    (await store.newestEvents(id, 200)).map(({ event }) => JSON.stringify(event)).toReversed();

  return {
    github,
    repository,
    home,
    store,
    token,
    env: { ...env, WORLD_CONFIG: text },
    async createTask({
      budget = {},
      base = "HEAD",
      prompt = "Answer with 42.",
      repo = repository.cloneUrl,
      issue,
    } = {}) {
      const id = `01ARZ3NDEKTSV4RRFFQ69G5F${String(tasks++).padStart(2, "0")}`;
      const task = {
        id,
        repo,
        base,
        branch: `amp/task-${tasks}`,
        title: "Answer",
        prompt,
        agent: "scripted",
        createdBy: "kim",
        createdAt: now(),
        ...(issue !== undefined && { issue }),
      };
      const full = { maxAttempts: 5, maxAgentMs: 600_000, deadline: null, ...budget };
      await store.createTask({ type: "task_created", at: now(), task, budget: full });
      return id;
    },
    async startWorker(change = (deps) => deps, more = {}) {
      const deps = await composeWorker({
        home,
        config,
        projectOf: async () => ({ config, preamble: "" }),
        env: { ...env, ...more },
        store,
        redact,
        ...(time !== null && { clock: time.clock }),
      });
      const { policyFor } = deps;
      deps.policyFor = async (state) => ({ ...(await policyFor(state)), ciPollMs: 50 });
      const stop = new AbortController();
      const driven = time?.drive(deps) ?? deps;
      const done = Promise.all([work(change(driven), stop.signal), driven.inbox.run(stop.signal)]);
      const worker = {
        async [Symbol.asyncDispose]() {
          stop.abort();
          await done;
        },
      };
      workers.push(worker);
      return worker;
    },
    until,
    ends: (id, phase) =>
      until(id, ({ state, leaseHolder }) => state.phase.name === phase && leaseHolder === null),
    async merge(id) {
      const asked = await store.request(
        id,
        { type: "merge_requested", at: now(), by: "kim" },
        () => null,
      );
      if (asked.is !== "appended") throw new Error(asked.is);
    },
    story,
    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
