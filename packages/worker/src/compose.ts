import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import {
  defaultPolicy,
  homePaths,
  repositoryKey,
  secretValues,
  type Config,
  type Instant,
  type Policy,
  type Sha,
} from "@ampx/core";
import { lockRules, scheduleRules, thisProcess, type Store } from "@ampx/store";
import { createAgent } from "./agents/index.ts";
import { gitWorkspace, localForge, type Repository } from "./git/index.ts";
import {
  createInbox,
  gitHubAddressOf,
  gitHubTaskPorts,
  hearing,
  inboxDuties,
} from "./github/index.ts";
import { localCi, runWatch } from "./local-ci/index.ts";
import type { TaskProcesses } from "./loop/task-context.ts";
import { keepVigil } from "./loop/vigil.ts";
import type { WorkerDeps } from "./loop/worker.ts";
import type { Agent, Clock, Preflight } from "./ports.ts";
import { localPreflight } from "./preflight/index.ts";
import { endProcesses } from "./process-tree.ts";
import { systemClock } from "./system-clock.ts";
import { placePatienceMs, taskPlaces } from "./task-places.ts";

export interface WorkerOptions {
  home: string;
  config: Config;
  /** What the project of a repository says for changes to a base branch: the same config with its settings, and its words for every agent. */
  projectOf(repository: Repository, base: string): Promise<{ config: Config; preamble: string }>;
  /** The worker's own environment: the agents' keys are in it. */
  env: NodeJS.ProcessEnv;
  store: Store;
  redact: (text: string) => string;
  /** The machine's by default. */
  clock?: Clock;
}

/** Chooses the adapters and puts a worker together; the one place that knows all of them. */
export async function composeWorker(options: WorkerOptions): Promise<WorkerDeps> {
  const { home, config, env, store, redact, clock = systemClock } = options;
  const paths = homePaths(home);
  const holder = thisProcess();
  const vigil = keepVigil(clock);
  const markOf = (taskId: string) => `${home}:${taskId}`;
  await mkdir(paths.tmp, { recursive: true });

  // An agent remembers what it has learned of its program, so there is one of each.
  const agents = new Map<string, Agent>();
  const agentOf = (name: string): Agent => {
    const agent = agents.get(name) ?? createAgentOf(name, options);
    agents.set(name, agent);
    return agent;
  };

  const { projectOf } = options;
  const { placeOf, connect, rateLimits } = taskPlaces({ home, config, env, clock, projectOf });

  const hookOfRunsAt = async (repo: string): Promise<Instant | null> => {
    const address = gitHubAddressOf(repo, config.github);
    return address && store.webhookOfRunsAt(repositoryKey(config.github.url, address));
  };

  const runs = runWatch();
  const hurry = (url: string, sha: Sha) => {
    const isOf = (repo: string) => repo === url;
    const news = { repository: url, isOf, shas: [sha], branches: [], runs: false, words: false };
    store.hurry(news, clock.now()).catch(console.error);
  };

  const portsFor: WorkerDeps["portsFor"] = async (state, mark, newsAt = null) => {
    const { task, agent, pushed } = state;
    const { repository, base, gitHub, ...place } = await placeOf(task);
    const workspace = gitWorkspace({
      home,
      repository,
      base,
      branch: task.branch,
      taskId: task.id,
      pushed,
      identity: config.git,
      mark,
      ...(gitHub !== undefined && { credentials: gitHub.place.credentials }),
    });
    const common = {
      agent: agentOf(agent),
      workspace,
      preflight: preflightOf(place.config, options),
      project: {
        linkIssues: place.config.github.link_issues,
        hearsCommands: config.github.commands,
        gate: place.config.gate,
        preamble: place.preamble,
        prices: config.prices,
        permissions: config.permissions,
      },
    };
    if (gitHub !== undefined) {
      const told = { newsAt, hookOfRunsAt: await hookOfRunsAt(task.repo) };
      const scope = { ...gitHub, home, config: place.config, clock, redact, told };
      return { ...common, ...gitHubTaskPorts(scope, workspace, state) };
    }
    return {
      ...common,
      ci: localCi({
        repository,
        branch: task.branch,
        base,
        command: ciRunner,
        timeoutMinutes: place.config.ci.timeout_minutes,
        env,
        onEnd: { watch: runs, call: (sha) => hurry(repository.url, sha) },
      }),
      forge: localForge({ home, repository, base, branch: task.branch }),
    };
  };

  const inbox = createInbox({
    store,
    config,
    clock,
    redact,
    home,
    connect,
    duties: inboxDuties(config.github),
    tickMs: config.github.review_seconds * 1_000,
  });

  return {
    id: `${holder.host}:${holder.pid}:${randomBytes(3).toString("hex")}`,
    holder,
    store,
    clock,
    policyFor: async ({ task }) => policyOf((await placeOf(task)).config),
    installation: async () => {
      const now = new Date(clock.now());
      const [parked, usedToday] = await Promise.all([
        store.parkedAgents(),
        store.usedSince(midnight(now, 0)),
      ]);
      return { parked, usedToday, dayEndsAt: midnight(now, 1), lookingSince: vigil.since };
    },
    slots: config.slots,
    rules: scheduleRules(config),
    lockRules: lockRules(config),
    leaseMs: config.lease_seconds * 1_000,
    logLines: config.logs.lines_per_task,
    redact,
    portsFor,
    rateLimits,
    credentialsOf: async ({ task }) =>
      (await placeOf(task)).gitHub?.place.credentials(AbortSignal.timeout(placePatienceMs)) ?? {},
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
    vigil,
    inbox: hearing(inbox, { store, clock, web: config.github.url }),
  };
}

/** The beginning of a day in the machine's own time zone, so many days from today. */
function midnight(now: Date, days: number): Instant {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime();
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
    overlaps: config.tickets.overlaps,
    maxFruitless: config.max_fruitless,
    maxUsdPerDay: config.max_usd_per_day ?? null,
    maxTokensPerDay: config.max_tokens_per_day ?? null,
    fallbackAfterMs: config.fallback_minutes * 60_000,
  };
}

/** The agent of this name, as the worker's config and environment make it. Throws a `UserError` for an unknown name. */
export function createAgentOf(name: string, { config, env, redact, home }: WorkerOptions): Agent {
  const { mode, ...sandbox } = config.sandbox;
  return createAgent(name, {
    config,
    env,
    redact,
    stateDir: homePaths(home).sessions,
    ...(mode === "none" ? {} : { sandbox: { ...sandbox, home } }),
  });
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
