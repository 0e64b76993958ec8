import type { Instant, Millis } from "@ampx/core";
import type { Store } from "@ampx/store";
import { invalidField } from "./problem.ts";

/** A worker that has not reported for this long counts as gone. */
export const workerAliveMs: Millis = 30_000;

/** Refuses an agent that no live worker can run. While none lives nobody knows, and the task may wait for one. */
export async function checkAgent(agent: string, store: Store, now: Instant): Promise<void> {
  const workers = await store.workers(now - workerAliveMs);
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
