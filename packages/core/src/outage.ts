/** Outages and faults of the agent's own program are counted apart: there is far more patience with the first. */
export function countInARow(before: { count: number; kind: string } | null, kind: string): number {
  return before !== null && isOutage(before.kind) === isOutage(kind) ? before.count + 1 : 1;
}

/** Whether the provider, and not the agent's program, is to blame: a login that it refuses, too, is refused to every task. */
export function isOutage(kind: string): boolean {
  return kind === "rate_limit" || kind === "overloaded" || kind === "auth";
}
