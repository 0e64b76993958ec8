import type { Millis } from "@ampx/core";
import { isAlive, type Store, type WorkerReport } from "@ampx/store";
import type { ApiDeps } from "./api-deps.ts";
import { invalidField } from "./problem.ts";

/** A worker that has not reported for this long counts as gone. */
export const workerAliveMs: Millis = 30_000;

/** What is asked of an agent. */
export interface AgentWish {
  /** The field of the request that names it. */
  field: "agent" | "fallbacks";
  /** The caps that it must tell something for. */
  needs: { usd: boolean; tokens: boolean };
}

/**
 * Refuses an agent that no live worker can run, or that does not tell what a cap would be held against. A server that has just been started has none yet: one is waited for. While none
 * lives nobody knows, and the task may wait for one. Throws the signal's reason when it aborts.
 */
export async function checkAgent(
  agent: string,
  { field, needs }: AgentWish,
  deps: Pick<ApiDeps, "store" | "now" | "workerPatienceMs">,
  signal: AbortSignal,
): Promise<void> {
  const workers = await liveWorkers(deps, signal);
  if (workers.length === 0) return;
  const agents = workers.flatMap((worker) => worker.agents);
  const matching = agents.filter(({ name }) => name === agent);
  const ready = matching.filter(({ problems }) => problems.length === 0);
  if (ready.length > 0) return checkCaps(ready, { field, needs });
  const [problem] = matching.flatMap(({ problems }) => problems);
  if (problem !== undefined)
    throw invalidField(field, `"${agent}" cannot run: ${problem.what}`, problem.tryThis);
  const known = [...new Set(agents.map(({ name }) => name))].toSorted();
  throw invalidField(
    field,
    `"${agent}" is not known to the worker`,
    known.length === 0 ? "ampx doctor" : `one of ${known.join(", ")}`,
  );
}

function checkCaps(agents: WorkerReport["agents"], { needs }: AgentWish): void {
  const [{ name } = { name: "" }] = agents;
  if (needs.usd && agents.every(({ can }) => can.cost === "never"))
    throw invalidField(
      "max_usd",
      `"${name}" does not tell what it costs, so nothing could be held against it`,
      `prices.${name} in the config file, where it tells its tokens; or no cap in dollars`,
    );
  if (needs.tokens && agents.every(({ can }) => can.tokens === "never"))
    throw invalidField(
      "max_tokens",
      `"${name}" does not tell how many tokens it uses, so nothing could be held against it`,
      "no cap on tokens",
    );
}

async function liveWorkers(
  { store, now, workerPatienceMs = 5_000 }: Parameters<typeof checkAgent>[2],
  signal: AbortSignal,
): Promise<WorkerReport[]> {
  // Watches before it looks: a report in between ends the wait at once.
  const watch = store.watch();
  const patience = AbortSignal.timeout(workerPatienceMs);
  const over = AbortSignal.any([signal, patience]);
  for (;;) {
    const workers = await reported(store, now() - workerAliveMs);
    signal.throwIfAborted();
    if (workers.length > 0 || patience.aborted || workerPatienceMs === 0) return workers;
    await watch.next(over);
  }
}

/** Without those that are known to have ended since they reported: the next one may know of other keys. */
async function reported(store: Store, since: number): Promise<WorkerReport[]> {
  return (await store.workers(since)).filter(({ holder }) => isAlive(holder) !== false);
}
