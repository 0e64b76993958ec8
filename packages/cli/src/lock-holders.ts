import type { LockList, NamedTask } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";

type Lock = LockList["locks"][number];

/** A task whose locks are to be taken away: they go together. */
export interface LockHolder {
  task: NamedTask;
  status: Lock["holders"][number]["status"];
  /** All that it holds. */
  locks: string[];
  /** The earliest of them. */
  since: string;
  /** How many tasks wait for one of them. */
  waiting: number;
}

/** Who is meant by the name of a lock, or by a task's short id, id or ticket. Throws a `UserError` when that is nobody, or cannot be told. */
export function lockHolders({ locks }: LockList, given: string): LockHolder[] {
  const ofLock = locks.filter((lock) => lock.name === given && lock.holders.length > 0);
  const ids = new Set(
    locks
      .flatMap((lock) => lock.holders)
      .filter((task) => isCalled(task, given))
      .map(({ id }) => id),
  );
  if (ofLock.length > 0 && ids.size > 0)
    throw new UserError(`${given} is the name of a lock and of a task that holds one`, {
      kind: "conflict",
      tryThis: "the short id of a task, as ampx locks shows it",
    });
  if (ofLock.length > 1)
    throw new UserError(`${given} is a lock of ${ofLock.length} repositories`, {
      kind: "conflict",
      tryThis: ofLock.map(({ repo }) => `--repo ${repo}`).join(", or "),
    });
  for (const { id } of ofLock.flatMap((lock) => lock.holders)) ids.add(id);
  if (ids.size === 0)
    throw new UserError(`No task holds a lock ${given}, or locks and is called so`, {
      kind: "not_found",
      tryThis: "ampx locks",
    });
  return [...ids].map((id) => holderOf(id, locks));
}

function isCalled({ id, short_id: shortId, ticket }: NamedTask, given: string): boolean {
  return [shortId, id.toLowerCase()].includes(given.toLowerCase()) || ticket === given;
}

function holderOf(id: string, locks: Lock[]): LockHolder {
  const held = locks.flatMap((lock) =>
    lock.holders.filter((holder) => holder.id === id).map((holder) => ({ lock, holder })),
  );
  const [first] = held.toSorted((a, b) => (a.holder.since < b.holder.since ? -1 : 1));
  if (first === undefined) throw new Error(`task ${id} holds no lock`);
  const { short_id, ticket, status, since } = first.holder;
  const waiting = new Set(held.flatMap(({ lock }) => lock.waiters.map((waiter) => waiter.id)));
  return {
    task: { id, short_id, ticket },
    status,
    locks: held.map(({ lock, holder }) => (holder.shared ? `read:${lock.name}` : lock.name)),
    since,
    waiting: waiting.size,
  };
}
