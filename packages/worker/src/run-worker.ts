import { setTimeout as sleep } from "node:timers/promises";
import {
  baseInCi,
  commitsInCi,
  isAtRest,
  type AgentAbilities,
  type Config,
  type Millis,
  type TaskState,
} from "@ampx/core";
import type { Store } from "@ampx/store";
import { agentNames } from "./agents/index.ts";
import { composeWorker, createAgentOf, type WorkerOptions } from "./compose.ts";
import { sweepWorktrees } from "./git/index.ts";
import { keepOrder } from "./loop/keep-order.ts";
import { work, type WorkerDeps } from "./loop/worker.ts";
import type { Agent } from "./ports.ts";

const reportEveryMs = 5_000;
const orderEveryMs = 1_000;
const probeEveryMs = 5 * 60_000;
const sweepEveryMs = 60 * 60_000;

/**
 * Runs a worker until the signal aborts. Then every turn is interrupted, to be resumed by the next worker, and nothing that
 * this one started is left running.
 */
export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const deps = await composeWorker(options);
  const duties = [
    repeat(reportEveryMs, lifeReport(deps, options, signal), signal),
    repeat(reportEveryMs, rateReport(deps), signal),
    repeat(sweepEveryMs, () => sweep(options, deps, signal), signal),
    repeat(orderEveryMs, () => keepOrder(deps), signal),
    deps.inbox.run(signal),
  ];
  await work(deps, signal);
  await Promise.all(duties);
  await cancelCi(deps);
}

/** A duty that fails is tried again at its next turn: none is worth ending the worker for. */
async function repeat(
  everyMs: Millis,
  duty: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await duty().catch((error: unknown) => {
      if (!signal.aborted) console.error(error);
    });
    // An aborted pause ends the loop by its condition.
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Tells the API that this worker lives, and which agents it can run. */
function lifeReport(
  deps: WorkerDeps,
  options: WorkerOptions,
  signal: AbortSignal,
): () => Promise<void> {
  const agents = agentNames.map((name) => createAgentOf(name, options));
  let probed: Awaited<ReturnType<typeof probe>>[] = [];
  let probedAt = -Infinity;
  const probe = async (agent: (typeof agents)[number]) => ({
    name: agent.name,
    can: pricedAbilities(agent, options.config),
    ...(await agent.probe(AbortSignal.any([signal, AbortSignal.timeout(20_000)]))),
  });
  return async () => {
    const now = deps.clock.now();
    // Either way: the clock may have been set back.
    if (Math.abs(now - probedAt) > probeEveryMs) {
      probed = await Promise.all(agents.map(probe));
      probedAt = now;
    }
    const { id, holder, slots, store } = deps;
    await store.reportWorker({ id, holder, aliveAt: now, slots, agents: probed });
  };
}

/** Tells the API what is left of the hour's requests, where that has changed. */
function rateReport({ store, clock, rateLimits }: WorkerDeps): () => Promise<void> {
  let told = new Map<string, number>();
  return async () => {
    const limits = rateLimits();
    // Another worker may use the same token: who has asked nothing since knows nothing new.
    const news = limits.filter(({ scope, remaining }) => told.get(scope) !== remaining);
    await store.noteRateLimits(news, clock.now());
    told = new Map(limits.map(({ scope, remaining }) => [scope, remaining]));
  };
}

/** With prices for its tokens, the cost is known as soon as they are. */
export function pricedAbilities({ name, can }: Agent, { prices }: Config): AgentAbilities {
  const isPriced = Object.entries(prices).some(([of, price]) => of === name && price !== undefined);
  return can.cost === "never" && isPriced ? { ...can, cost: can.tokens } : can;
}

async function sweep(
  { home, config, store }: WorkerOptions,
  deps: WorkerDeps,
  signal: AbortSignal,
): Promise<void> {
  await sweepWorktrees({
    home,
    keep: (taskId) => liveness(store, taskId),
    maxAgeMs: config.worktrees.max_age_days * 24 * 3_600_000,
    maxBytes: config.worktrees.max_gigabytes * 1024 ** 3,
    now: deps.clock.now(),
    signal,
    credentials: async (taskId) => {
      const row = await store.readTask(taskId);
      return row === undefined ? {} : deps.credentialsOf(row.state);
    },
  });
}

async function liveness(store: Store, taskId: string): Promise<"live" | "ended"> {
  const row = await store.readTask(taskId);
  if (row === undefined) return "ended";
  // A person who works in it needs it, whatever has become of the task.
  return isAtRest(row.state) && row.state.requests.attach === null ? "ended" : "live";
}

/** Runs of CI outlive a worker that crashes, and are found again; one that is stopped leaves none. */
async function cancelCi({ store, portsFor }: WorkerDeps): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await store.listTasks({
      statuses: ["running", "retrying"],
      limit: 100,
      ...(cursor !== undefined && { cursor }),
    });
    await Promise.all(page.tasks.map(({ state }) => cancelCiOf(state, portsFor)));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function cancelCiOf(state: TaskState, portsFor: WorkerDeps["portsFor"]): Promise<void> {
  const base = baseInCi(state);
  const commits = [...commitsInCi(state), ...(base === null ? [] : [base])];
  if (commits.length === 0) return;
  try {
    // Cancelling starts nothing that would carry the mark.
    const { ci } = await portsFor(state, "ampx-shutdown");
    // What judges elsewhere is found again by the next worker.
    if (ci.remote === true) return;
    for (const sha of commits) await ci.cancel(sha);
  } catch (error) {
    // A repository that is gone must not keep the CI of others running.
    console.error(error);
  }
}
