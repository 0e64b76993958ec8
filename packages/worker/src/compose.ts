import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import {
  defaultPolicy,
  homePaths,
  secretValues,
  type Config,
  type Policy,
  type Task,
  type TaskState,
} from "@ampx/core";
import { thisProcess, type Store } from "@ampx/store";
import { createAgent } from "./agents/index.ts";
import { gitWorkspace, localForge, resolveRepository, type Repository } from "./git/index.ts";
import {
  connectGitHub,
  gitHubAddressOf,
  gitHubPlace,
  gitHubTaskPorts,
  type GitHub,
  type GitHubPlace,
} from "./github/index.ts";
import { localCi } from "./local-ci/index.ts";
import type { TaskPorts, TaskProcesses } from "./loop/task-context.ts";
import type { WorkerDeps } from "./loop/worker.ts";
import type { Agent, Preflight } from "./ports.ts";
import { localPreflight } from "./preflight/index.ts";
import { endProcesses } from "./process-tree.ts";
import { systemClock } from "./system-clock.ts";

export interface WorkerOptions {
  home: string;
  config: Config;
  /** What the project of a repository says for changes to a base branch: the same config with its settings, and its words for every agent. */
  projectOf(repository: Repository, base: string): Promise<{ config: Config; preamble: string }>;
  /** The worker's own environment: the agents' keys are in it. */
  env: NodeJS.ProcessEnv;
  store: Store;
  redact: (text: string) => string;
}

/** Chooses the adapters and puts a worker together; the one place that knows all of them. */
export async function composeWorker(options: WorkerOptions): Promise<WorkerDeps> {
  const { home, config, env, store, redact } = options;
  const paths = homePaths(home);
  const holder = thisProcess();
  const markOf = (taskId: string) => `${home}:${taskId}`;
  await mkdir(paths.tmp, { recursive: true });

  // An agent remembers what it has learned of its program, so there is one of each.
  const agents = new Map<string, Agent>();
  const agentOf = (name: string): Agent => {
    const agent = agents.get(name) ?? createAgentOf(name, options);
    agents.set(name, agent);
    return agent;
  };

  // Who the worker is for GitHub is found out once it has to do with it; a failure is not kept.
  let github: Promise<GitHub> | undefined;
  const gitHub = (signal: AbortSignal): Promise<GitHub> => {
    const known = (github ??= connectGitHub(
      { config: config.github, env, clock: systemClock },
      signal,
    ));
    known.catch(() => (github = undefined));
    return known;
  };
  const placeOf = remembered(async (task: Task) => {
    const address = gitHubAddressOf(task.repo, config.github);
    if (address === null) {
      const repository = await resolveRepository(task.repo, { cwd: home });
      return { repository, base: task.base, ...(await options.projectOf(repository, task.base)) };
    }
    const signal = AbortSignal.timeout(placePatienceMs);
    const asked = { address, base: task.base, home, identity: config.git };
    const place = await gitHubPlace(await gitHub(signal), asked, signal);
    const project = await options.projectOf(place.repository, place.base);
    return { repository: place.repository, base: place.base, gitHub: place, ...project };
  });

  const portsFor = async (state: TaskState, mark: string): Promise<TaskPorts> => {
    const { task, pushed } = state;
    const place = await placeOf(task);
    const { repository, base } = place;
    const workspace = gitWorkspace({
      home,
      repository,
      base,
      branch: task.branch,
      taskId: task.id,
      pushed,
      identity: config.git,
      mark,
      ...(place.gitHub !== undefined && { credentials: place.gitHub.credentials }),
    });
    const common = {
      agent: agentOf(task.agent),
      preflight: preflightOf(place.config, options),
      project: { gate: place.config.gate, preamble: place.preamble },
    };
    if (place.gitHub !== undefined) {
      const connected = await gitHub(AbortSignal.timeout(placePatienceMs));
      const {
        ci,
        forge,
        pushed: tellOf,
      } = gitHubTaskPorts(
        {
          github: connected,
          place: place.gitHub,
          home,
          config: place.config,
          clock: systemClock,
          redact,
        },
        state,
      );
      const push: typeof workspace.push = async (sha, expected, signal) => {
        const result = await workspace.push(sha, expected, signal);
        if (result.is === "pushed") tellOf(sha);
        return result;
      };
      return { ...common, workspace: { ...workspace, push }, ci, forge };
    }
    return {
      ...common,
      workspace,
      ci: localCi({
        repository,
        branch: task.branch,
        base,
        command: ciRunner,
        timeoutMinutes: place.config.ci.timeout_minutes,
        env,
      }),
      forge: localForge({ home, repository, base, branch: task.branch }),
    };
  };

  return {
    id: `${holder.host}:${holder.pid}:${randomBytes(3).toString("hex")}`,
    holder,
    store,
    clock: systemClock,
    policyFor: async ({ task }) => policyOf((await placeOf(task)).config),
    slots: config.slots,
    leaseMs: config.lease_seconds * 1_000,
    logLines: config.logs.lines_per_task,
    redact,
    portsFor,
    credentialsOf: async ({ task }) =>
      (await placeOf(task)).gitHub?.credentials(AbortSignal.timeout(placePatienceMs)) ?? {},
    processesOf: ({ taskId, epoch }) => processes(markOf(taskId), epoch),
    async turnFolder(taskId) {
      const prefix = `turn-${taskId}-`;
      for (const name of await readdir(paths.tmp))
        if (name.startsWith(prefix))
          await rm(join(paths.tmp, name), { recursive: true, force: true });
      const path = await mkdtemp(join(paths.tmp, prefix));
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
    },
    logFile: (taskId, name) => join(paths.logs, taskId, name),
  };
}

/** A repository and its project's config are looked at again after this time, not at every look at CI; one elsewhere has to be fetched for it. */
const placesKeptMs = 30_000;
const gitHubPlacesKeptMs = 5 * 60_000;
/** For the first fetch of a large repository. */
const placePatienceMs = 15 * 60_000;

/** `base`: the branch that the change is for, by its name. */
type Place = {
  repository: Repository;
  base: string;
  config: Config;
  preamble: string;
  gitHub?: GitHubPlace;
};

/** Finds the place of a task once in a while; a failure is not remembered. */
function remembered(find: (task: Task) => Promise<Place>) {
  const known = new Map<string, { place: Promise<Place>; until: number }>();
  return async (task: Task): Promise<Place> => {
    const key = `${task.base}\n${task.repo}`;
    const found = known.get(key);
    if (found !== undefined && systemClock.now() < found.until) return found.place;
    // Whoever asks meanwhile waits for the same answer.
    const entry = { place: find(task), until: Infinity };
    known.set(key, entry);
    try {
      const place = await entry.place;
      const ms = place.gitHub === undefined ? placesKeptMs : gitHubPlacesKeptMs;
      entry.until = systemClock.now() + ms;
      return place;
    } catch (error) {
      if (known.get(key) === entry) known.delete(key);
      throw error;
    }
  };
}

function preflightOf({ preflight }: Config, { env, config }: WorkerOptions): Preflight | null {
  const { commands = [] } = preflight;
  if (commands.length === 0) return null;
  return localPreflight({
    commands,
    timeoutMs: preflight.timeout_minutes * 60_000,
    env,
    secrets: secretValues(env, config.secret_env),
  });
}

function policyOf(config: Config): Policy {
  return {
    ...defaultPolicy,
    stallMs: config.stall_minutes * 60_000,
    ciPollMs: config.ci.poll_seconds * 1_000,
    // The run ends itself by its own timeout; what is waited for beyond it is a run that was lost.
    ciTimeoutMs: 2 * config.ci.timeout_minutes * 60_000,
    checksBase: config.ci.check_base,
    maxFruitless: config.max_fruitless,
  };
}

/** The agent of this name, as the worker's config and environment make it. Throws a `UserError` for an unknown name. */
export function createAgentOf(name: string, { config, env, redact, home }: WorkerOptions): Agent {
  return createAgent(name, { config, env, redact, stateDir: homePaths(home).sessions });
}

/** The command line of the detached runner, without its arguments; it lies beside this file, with its extension. */
const ciRunner = [
  process.execPath,
  join(import.meta.dirname, `local-ci/main${extname(import.meta.filename)}`),
];

function processes(taskMark: string, epoch: number): TaskProcesses {
  const mark = `${taskMark}:${epoch}`;
  const endAll = (of: string) => endProcesses({ mark: of, graceMs: 2_000 });
  return { mark, end: () => endAll(taskMark), endOwn: () => endAll(mark) };
}
