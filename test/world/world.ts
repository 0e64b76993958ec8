import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Budget,
  createRedactor,
  homePaths,
  type RequestEvent,
  type TaskId,
  type TicketTerms,
  usualPriority,
} from "@ampx/core";
import { openStore, type Store, type TaskRow } from "@ampx/store";
import { installHook } from "@ampx/worker";
import { execa } from "execa";
import { stringify } from "yaml";
import { processesOfWorld, type WorldProcess } from "./processes.ts";
import { waitFor } from "./wait-for.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

/** A repository with CI, a home with a store, and a scripted agent: everything that a task needs, for real, in one folder. */
export interface World extends AsyncDisposable {
  root: string;
  home: string;
  repo: string;
  store: Store;
  /** What the worker and its children see. */
  env: NodeJS.ProcessEnv;
  createTask(
    budget?: Partial<Budget>,
    prompt?: string,
    more?: {
      allow?: string[];
      fallbacks?: string[];
      agent?: string;
      priority?: number;
      ticket?: Partial<TicketTerms> & { id: string };
    },
  ): Promise<TaskId>;
  request(id: TaskId, event: RequestEvent): Promise<void>;
  startWorker(env?: NodeJS.ProcessEnv): Promise<WorkerProcess>;
  /** A point, see `withCrashPoints`, at which the worker that is given `env` waits until it is let go. */
  hold(point: string): Hold;
  /** What lives of agents and CI: every process that stands in the world or was started from it, but for its workers. */
  processes(): WorldProcess[];
  /** Resolves when there are none any more: CI has judged a moment before its process is gone. */
  quiet(): Promise<void>;
  /** Waits until the task is as told; fails after 45 s, saying how it is. */
  until(id: TaskId, is: (row: TaskRow) => boolean): Promise<TaskRow>;
  git(args: string[], cwd?: string): Promise<string>;
  /** Adds a commit to main, as a colleague would. */
  commitToMain(files: Record<string, string>): Promise<string>;
  /** How often a branch of the repository was moved, counted there. */
  movesOf(branch: string): Promise<number>;
  /** The commits that `ci.sh` was run for, one entry a run. */
  ciRuns(): Promise<string[]>;
  /** Leaves a change of a person in the way of a merge into their clone. */
  dirty(): Promise<void>;
  removeRepository(): Promise<void>;
  /** The prompts that the agent received, over all sessions. */
  prompts(): Promise<string[]>;
}

export interface Hold {
  env: NodeJS.ProcessEnv;
  /** Resolves when the worker waits there. */
  reached(): Promise<void>;
  letGo(): Promise<void>;
}

export interface WorldOptions {
  /** What the scripted agent does, a list of steps a turn. */
  turns?: Record<string, unknown>[][];
  /** Other turns for tasks whose prompt contains `when`. */
  cases?: { when: string; turns: Record<string, unknown>[][] }[];
  /** Body of `ci.sh`; its working directory is the checkout. By default it is green when `answer` holds 42. */
  ci?: string | null;
  /** Files on main at the start. */
  files?: Record<string, string>;
  /** A bare repository with `ci.sh` beside it, or a person's own clone. */
  kind?: "bare" | "clone";
  /** What the config says, as in its file. CI is not asked about the base, unless this says so. */
  config?: Record<string, unknown>;
  /** The bare repository starts CI by its own hook, as one made by `ampx init` does. */
  hook?: boolean;
}

const greenWith42 = 'grep -qx 42 answer || { echo "FAIL: the answer is $(cat answer)"; exit 1; }';

export async function makeWorld({
  turns = [],
  cases = [],
  ci = greenWith42,
  files = { answer: "0\n" },
  kind = "bare",
  hook = false,
  config = {},
}: WorldOptions): Promise<World> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "ampx world ")));
  const home = join(root, "home");
  const repo = join(root, "project", kind === "bare" ? "repo.git" : "clone");
  const clone = join(root, "colleague");
  const script = join(root, "script.yaml");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    AMPX_HOME: home,
    AMPX_AGENT: "scripted",
    AMPX_AGENTS_SCRIPTED_SCRIPT: script,
    WORLD_CI_RUNS: join(root, "ci-runs"),
    WORLD_ROOT: root,
    WORLD_CONFIG: stringify({ ci: { check_base: false }, ...config }),
  };
  const git = async (args: string[], cwd = repo) =>
    (await execa("git", args, { cwd, env: gitIdentity })).stdout.trim();

  await mkdir(repo, { recursive: true });
  await mkdir(home);
  await writeFile(script, stringify({ turns, cases }));
  await git(["init", "--quiet", "--initial-branch=main", ...(kind === "bare" ? ["--bare"] : [])]);
  await git(["config", "core.logAllRefUpdates", "always"]);
  if (ci !== null && kind === "bare")
    await writeScript(
      join(root, "project", "ci.sh"),
      `#!/bin/sh\nexport WORLD_ROOT='${root}'\necho "$3" >> '${join(root, "ci-runs")}'\n${ci}\n`,
    );
  if (kind === "bare") {
    await git(["clone", "--quiet", repo, clone], root);
    await git(["checkout", "--quiet", "-B", "main"], clone);
  }
  const commitHere = async (cwd: string, changes: Record<string, string>) => {
    for (const [name, text] of Object.entries(changes)) await writeFile(join(cwd, name), text);
    await git(["add", "--all"], cwd);
    await git(["commit", "--quiet", "-m", "Change"], cwd);
    return git(["rev-parse", "HEAD"], cwd);
  };
  const commitToMain = async (changes: Record<string, string>) => {
    if (kind === "clone") return commitHere(repo, changes);
    await git(["pull", "--quiet", "--rebase", "origin", "main"], clone).catch((error: unknown) => {
      // The very first commit has nothing to pull.
      if (!String(error).includes("couldn't find remote ref")) throw error;
    });
    const commit = await commitHere(clone, changes);
    await git(["push", "--quiet", "origin", "HEAD:main"], clone);
    return commit;
  };
  await commitToMain(files);
  if (hook) await installHook(repo, [process.execPath, ciRunner]);

  const store = await openStore({ file: homePaths(home).database, redact: createRedactor([]) });
  let tasks = 0;
  let holds = 0;
  const workers: WorkerProcess[] = [];
  let isOver = false;

  const processes = () =>
    processesOfWorld(root, [process.pid, ...workers.map(({ child }) => child.pid)]);

  return {
    root,
    home,
    repo,
    store,
    env,
    git,
    commitToMain,
    async createTask(
      budget = {},
      prompt = "Answer with 42.",
      { agent = "scripted", priority, ticket, ...more } = {},
    ) {
      const id = `01ARZ3NDEKTSV4RRFFQ69G5${String(tasks++).padStart(3, "0")}`;
      const task = {
        id,
        repo,
        base: "main",
        branch: `amp/task-${tasks}`,
        title: "Answer",
        prompt,
        agent,
        createdBy: "kim",
        createdAt: Date.now(),
        ...(priority !== undefined && priority !== usualPriority && { priority }),
        ...(ticket !== undefined && { ticket: { ...noTerms, ...ticket } }),
      };
      const full = { maxAttempts: 5, maxAgentMs: 600_000, deadline: null, ...budget };
      await store.createTask({ type: "task_created", at: Date.now(), task, budget: full, ...more });
      return id;
    },
    async request(id, event) {
      const result = await store.request(id, event, () => null);
      if (result.is !== "appended") throw new Error(result.is);
    },
    async startWorker(more = {}) {
      if (isOver) throw new Error("the world is over");
      const worker = await startWorkerProcess({ ...env, ...more });
      workers.push(worker);
      return worker;
    },
    hold(point) {
      const file = join(root, `hold-${holds++}`);
      return {
        env: { WORLD_HOLD_AT: point, WORLD_HOLD_UNTIL: file },
        async reached() {
          await waitFor(`the worker to reach "${point}"`, () => existsSync(`${file}.reached`));
        },
        letGo: () => writeFile(file, ""),
      };
    },
    processes,
    quiet: async () => {
      await waitFor("all processes to be gone", () => processes().length === 0, 10_000);
    },
    until: (id, is) => until(store, id, is),
    movesOf: async (branch) =>
      (await git(["reflog", "show", "--format=%H", `refs/heads/${branch}`]).catch(() => ""))
        .split("\n")
        .filter(Boolean).length,
    ciRuns: () => linesOf(join(root, "ci-runs")),
    dirty: () => writeFile(join(repo, "answer"), "a person is at work here\n"),
    removeRepository: () => rm(repo, { recursive: true }),
    async prompts() {
      const { stdout } = await execa("find", [join(home, "sessions"), "-name", "prompts.jsonl"], {
        reject: false,
      });
      const logs = stdout.split("\n").filter(Boolean);
      return (await Promise.all(logs.map(linesOf))).flat();
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      for (const worker of workers) await worker[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const noTerms = { digest: "", locks: [], dependencies: [], tags: [], protectedPaths: [] };

const ciRunner = join(import.meta.dirname, "../../packages/worker/src/local-ci/main.ts");

const gitIdentity = {
  GIT_AUTHOR_NAME: "Kim",
  GIT_AUTHOR_EMAIL: "kim@example.org",
  GIT_COMMITTER_NAME: "Kim",
  GIT_COMMITTER_EMAIL: "kim@example.org",
};

async function until(store: Store, id: TaskId, is: (row: TaskRow) => boolean): Promise<TaskRow> {
  const deadline = Date.now() + untilMs;
  for (;;) {
    const row = await store.readTask(id);
    if (row !== undefined && is(row)) return row;
    if (Date.now() > deadline) {
      const events = await store.newestEvents(id, 100);
      throw new Error(
        `the task is ${JSON.stringify(row?.state.phase)}, waiting for ${row?.waitingFor}\n${events.map(({ event }) => JSON.stringify(event)).join("\n")}`,
      );
    }
    await sleep(20);
  }
}

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").filter(Boolean);
}

async function writeScript(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  await chmod(file, 0o755);
}

/** Below the time that a test has, so that its message is seen. */
const untilMs = 45_000;
