import type { Parked } from "./installation.ts";
import { isOutage } from "./outage.ts";
import { retryAt } from "./policy.ts";
import type { Instant } from "./scalars.ts";
import type { TaskEvent } from "./task-event.ts";

/** So often a login is tried again that a provider has refused: whoever signs in need not say so. */
const signInMs = 5 * 60_000;

export interface ParkedAgent extends Parked {
  /** How often in a row. */
  refusals: number;
}

/** Whether the event may say something of its task's agent for all tasks that have it. */
export function speaksOfAgent({ type }: TaskEvent): boolean {
  return type === "turn_failed" || type === "turn_ended" || type === "continued";
}

/**
 * What the event says of the agent whose turn it ended, for all tasks that have this agent: it is parked, since its provider
 * refuses; it is not (null), since it has worked, or a person says to try now; or nothing (undefined).
 */
export function parkingAfter(
  event: TaskEvent,
  agent: string,
  before: ParkedAgent | null,
): ParkedAgent | null | undefined {
  if (!speaksOfAgent(event)) return undefined;
  if (event.type !== "turn_failed") return null;
  if (!isOutage(event.kind)) return undefined;
  const { kind, message, at } = event;
  const goesOn = before !== null && before.kind === kind ? before : null;
  const refusals = (goesOn?.refusals ?? 0) + 1;
  const until: Instant = kind === "auth" ? at + signInMs : retryAt(at, refusals);
  return {
    agent,
    kind,
    message,
    since: goesOn?.since ?? at,
    // A provider that has named a time is not asked before it, whatever it said to another task.
    until: Math.max(event.retryAt, until, goesOn?.until ?? 0),
    refusals,
  };
}
