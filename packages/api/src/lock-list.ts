import type { LockList, TaskId } from "@ampx/core";
import type { FoundSchedule, TaskWithLocks } from "@ampx/store";
import { namedTask } from "./named-task.ts";
import type { RouteDeps } from "./route.ts";

type LockView = LockList["locks"][number];

/** All locks that a task holds, or waits for, by repository and name. */
export async function lockList({
  store,
  schedule: { rules, slots },
  now,
}: Pick<RouteDeps, "store" | "schedule" | "now">): Promise<LockView[]> {
  const found = await store.readSchedule(rules, slots, now());
  const tasks = new Map((await store.tasksWithLocks()).map((task) => [task.id, task]));
  const locks = heldLocks(found, tasks);
  addAwaited(found, locks);
  addWaiters(found, locks);
  return [...locks.values()].toSorted((a, b) => compare(a.repo, b.repo) || compare(a.name, b.name));
}

/** By repository and name. */
type Locks = Map<string, LockView>;

function heldLocks(
  { standing: { held }, names }: FoundSchedule,
  tasks: ReadonlyMap<TaskId, TaskWithLocks>,
): Locks {
  const locks: Locks = new Map();
  for (const { repo, name, task, shared, since } of held) {
    const holder = tasks.get(task);
    // It has given it back between the two looks.
    if (holder === undefined) continue;
    const { status, attached } = holder;
    lockOf(locks, repo, name).holders.push({
      ...namedTask(task, names),
      shared,
      since: new Date(since).toISOString(),
      status,
      attached,
    });
  }
  return locks;
}

/** Those that nobody holds, and that are kept for somebody who comes first. */
function addAwaited({ waits, standing: { waiting } }: FoundSchedule, locks: Locks): void {
  for (const { id, repo } of waiting) {
    const reason = waits.get(id);
    if (reason?.for === "lock") lockOf(locks, repo, reason.name);
  }
}

function addWaiters({ order, standing: { waiting }, names }: FoundSchedule, locks: Locks): void {
  const byId = new Map(waiting.map((task) => [task.id, task]));
  for (const id of order) {
    const { repo = "", locks: wishes = [] } = byId.get(id) ?? {};
    for (const { name, shared } of wishes)
      locks.get(keyOf(repo, name))?.waiters.push({ ...namedTask(id, names), shared });
  }
}

function lockOf(locks: Locks, repo: string, name: string): LockView {
  const key = keyOf(repo, name);
  const found = locks.get(key) ?? { repo, name, holders: [], waiters: [] };
  locks.set(key, found);
  return found;
}

function keyOf(repo: string, name: string): string {
  return `${repo}\n${name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
