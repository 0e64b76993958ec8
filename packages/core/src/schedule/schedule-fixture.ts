import { lockWish } from "./locks.ts";
import type { Held, Standing, Waiting } from "./standing.ts";

/** A task of the repository `shop` that may begin at once; its locks as a ticket names them. */
export function waiting(
  id: string,
  { locks = [], ...more }: Partial<Omit<Waiting, "locks">> & { locks?: string[] } = {},
): Waiting {
  return {
    id,
    priority: 5,
    queuedAt: 0,
    repo: "shop",
    agent: "amp",
    after: [],
    ...more,
    locks: locks.map(lockWish),
  };
}

/** Nothing runs, is held or is paused, but as said. */
export function standing(tasks: readonly Waiting[], more: Partial<Standing> = {}): Standing {
  return {
    waiting: tasks,
    held: [],
    progress: new Map(),
    running: { byRepo: new Map(), byAgent: new Map() },
    paused: { all: false, repos: new Set() },
    ...more,
  };
}

/** A lock of `shop` that a task has held for itself since 7. */
export function held(name: string, task: string, more: Partial<Held> = {}): Held {
  return { repo: "shop", name, task, shared: false, since: 7, active: true, ...more };
}
