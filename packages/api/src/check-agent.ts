import type { Millis } from "@ampx/core";
import { isAlive, type Store, type WorkerReport } from "@ampx/store";
import type { ApiDeps } from "./api-deps.ts";
import { invalidField } from "./problem.ts";

/** A worker that has not reported for this long counts as gone. */
export const workerAliveMs: Millis = 30_000;

/**
 * Refuses an agent that no live worker can run. A server that has just been started has none yet: one is waited for. While none
 * lives nobody knows, and the task may wait for one. Throws the signal's reason when it aborts.
 */
export async function checkAgent(
  agent: string,
  deps: Pick<ApiDeps, "store" | "now" | "workerPatienceMs">,
  signal: AbortSignal,
): Promise<void> {
  const workers = await liveWorkers(deps, signal);
  if (workers.length === 0) return;
  const agents = workers.flatMap((worker) => worker.agents);
  const matching = agents.filter(({ name }) => name === agent);
  if (matching.some(({ problems }) => problems.length === 0)) return;
  const [problem] = matching.flatMap(({ problems }) => problems);
  if (problem !== undefined)
    throw invalidField("agent", `"${agent}" cannot run: ${problem.what}`, problem.tryThis);
  const known = [...new Set(agents.map(({ name }) => name))].toSorted();
  throw invalidField(
    "agent",
    `"${agent}" is not known to the worker`,
    known.length === 0 ? "ampx doctor" : `one of ${known.join(", ")}`,
  );
}

async function liveWorkers(
  { store, now, workerPatienceMs = 5_000 }: Parameters<typeof checkAgent>[1],
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
