/** What only so many work in at once: a repository, or an agent. */
export interface Slots {
  running: number;
  /** How many are free, but kept for one who waits. */
  kept: 0 | 1;
  /** How many wait for one so far. */
  waiting: number;
}

/** Those of this name; `running` says how many are in use before anybody begins. */
export function slotsOf(
  all: Map<string, Slots>,
  name: string,
  running: ReadonlyMap<string, number>,
): Slots {
  const found = all.get(name);
  if (found !== undefined) return found;
  const slots: Slots = { running: running.get(name) ?? 0, kept: 0, waiting: 0 };
  all.set(name, slots);
  return slots;
}

export function isFull({ running, kept }: Slots, limit: number): boolean {
  return running + kept >= limit;
}
