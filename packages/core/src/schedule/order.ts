import type { Instant, Millis } from "../scalars.ts";
import type { Waiting } from "./standing.ts";

/** By the priority that the wait has raised, then the oldest first; ids settle what is left. */
export function inOrder(waiting: readonly Waiting[], ageMs: Millis, now: Instant): Waiting[] {
  // A few ranks with many tasks each, which mostly come in the order of their age: sorting each is far quicker than sorting all.
  const byRank = new Map<number, Waiting[]>();
  for (const task of waiting) {
    const rank = task.priority - hasRisenBy(task, ageMs, now);
    const same = byRank.get(rank);
    if (same === undefined) byRank.set(rank, [task]);
    else same.push(task);
  }
  const ranks = [...byRank].toSorted(([a], [b]) => a - b);
  return ranks.flatMap(([, tasks]) => tasks.toSorted(byAge));
}

/** By how many priorities a task counts as higher for its wait. A clock that was set back makes nobody younger than new. */
export function hasRisenBy({ queuedAt }: Waiting, ageMs: Millis, now: Instant): number {
  return Math.floor(Math.max(0, now - queuedAt) / ageMs);
}

function byAge(a: Waiting, b: Waiting): number {
  if (a.queuedAt !== b.queuedAt) return a.queuedAt - b.queuedAt;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
