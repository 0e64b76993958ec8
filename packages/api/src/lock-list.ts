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
  { held, names }: FoundSchedule,
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
function addAwaited({ waits, repos }: FoundSchedule, locks: Locks): void {
  for (const [task, reason] of waits) {
    const repo = repos.get(task);
    if (reason.for === "lock" && repo !== undefined) lockOf(locks, repo, reason.name);
  }
}

function addWaiters({ order, wishes, repos, names }: FoundSchedule, locks: Locks): void {
  for (const task of order)
    for (const { name, shared } of wishes.get(task) ?? [])
      locks
        .get(keyOf(repos.get(task) ?? "", name))
        ?.waiters.push({ ...namedTask(task, names), shared });
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
