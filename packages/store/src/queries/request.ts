import {
  evolve,
  itsTurn,
  needsSlot,
  slotWait,
  TaskEvent,
  UserError,
  waitsItsTurn,
  type RequestEvent,
  type TaskId,
  type TaskState,
} from "@ampx/core";
import type { IdempotencyKey, RequestResult } from "../store.ts";
import { insertEvent } from "../stored-event.ts";
import { columnsOf, stateOf, unreadable } from "../stored-state.ts";
import type { Db } from "../tables.ts";
import { findRepeated } from "./find-repeated.ts";
import { keepKey } from "./keep-key.ts";
import { giveBackLocks } from "./take-locks.ts";

export function request(
  db: Db,
  id: TaskId,
  requested: RequestEvent,
  refuse: (state: TaskState) => string | null,
  key?: IdempotencyKey,
): Promise<RequestResult> {
  const event = TaskEvent.parse(requested);
  return db.transaction().execute(async (trx): Promise<RequestResult> => {
    const repeated = key === undefined ? undefined : await findRepeated(trx, key);
    if (repeated !== undefined) return repeated;
    const row = await trx.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirst();
    if (row === undefined) return { is: "not_found" };
    const state = await stateOf(trx, row);
    if (state === undefined && event.type === "locks_released") {
      // What cannot be read is at least in nobody's way.
      await trx.deleteFrom("locks").where("task_id", "=", id).execute();
      return { is: "refused", reason: unreadable };
    }
    if (state === undefined)
      throw new UserError(`Task ${row.short_id}: ${unreadable}.`, { kind: "conflict" });
    // A refusal is an answer, too.
    if (key !== undefined) await keepKey(trx, key, id, event.at);
    const reason = refuse(state);
    if (reason !== null) return { is: "refused", reason };

    const next = evolve(state, event);
    const isLeased = row.lease_worker !== null;
    const waiting_for = waitsItsTurn(next) ? itsTurn : needsSlot(next) ? slotWait : "a worker";
    await trx
      .updateTable("tasks")
      .set({ ...columnsOf(next), seq: row.seq + 1, updated_at: event.at, wake_at: event.at })
      .$if(!isLeased, (query) => query.set({ waiting_for, waiting_since: event.at }))
      .where("id", "=", id)
      .execute();
    await insertEvent(trx, id, row.seq + 1, event);
    await giveBackLocks(trx, id, event, next);
    return { is: "appended" };
  });
}
