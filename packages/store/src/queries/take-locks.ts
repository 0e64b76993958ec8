import {
  type Instant,
  locksOf,
  lockWish,
  type TaskEvent,
  type TaskId,
  type TaskState,
  waitsItsTurn,
} from "@ampx/core";
import type { Db } from "../tables.ts";

/** For a task whose turn it is: all of its locks, as the schedule has found them free. */
export async function takeLocks(trx: Db, state: TaskState, now: Instant): Promise<void> {
  const { id, repo } = state.task;
  // Those of a claim that came to nothing.
  await trx.deleteFrom("locks").where("task_id", "=", id).execute();
  const wishes = new Map<string, boolean>();
  for (const { name, shared } of locksOf(state).map(lockWish))
    // Asked for in both ways, it is needed alone.
    wishes.set(name, shared && wishes.get(name) !== false);
  const rows = [...wishes].map(([name, shared]) => ({
    task_id: id,
    repo,
    name,
    shared: shared ? 1 : 0,
    since: now,
  }));
  if (rows.length > 0) await trx.insertInto("locks").values(rows).execute();
}

/** Whether what an event says of locks is so: between the claim and the event a person may have come in, and others have got them. */
export async function holdsItsLocks(trx: Db, id: TaskId, event: TaskEvent): Promise<boolean> {
  if (event.type !== "started" && event.type !== "locks_taken") return true;
  const names = new Set((event.locks ?? []).map((text) => lockWish(text).name));
  if (names.size === 0) return true;
  const rows = await trx.selectFrom("locks").select("name").where("task_id", "=", id).execute();
  return rows.length === names.size && rows.every(({ name }) => names.has(name));
}

/** The locks that a task no longer holds by its state are free from the same moment on. */
export async function giveBackLocks(
  trx: Db,
  id: TaskId,
  event: TaskEvent,
  state: TaskState,
): Promise<void> {
  if (state.locks.length > 0) return;
  // Between the claim and the event that tells of it, only the rows know.
  if (event.type !== "locks_released" && waitsItsTurn(state)) return;
  await trx.deleteFrom("locks").where("task_id", "=", id).execute();
}
