import { lockOf, needsSlot, TaskEvent, type TaskState } from "@ampx/core";
import type { AppendResult, Lease } from "../store.ts";
import { insertEvent } from "../stored-event.ts";
import { columnsOf, stateOf, unreadable } from "../stored-state.ts";
import type { Db } from "../tables.ts";
import { noteParking } from "./note-parking.ts";
import { noteUsage } from "./note-usage.ts";
import { giveBackLocks, holdsItsLocks } from "./take-locks.ts";

export function append(
  db: Db,
  lease: Lease,
  seq: number,
  happened: TaskEvent,
  state: TaskState,
): Promise<AppendResult> {
  const { taskId, epoch } = lease;
  const event = TaskEvent.parse(happened);
  return db.transaction().execute(async (trx): Promise<AppendResult> => {
    const row = await trx
      .selectFrom("tasks")
      .select(["seq", "slot", "faults"])
      .where("id", "=", taskId)
      .where("epoch", "=", epoch)
      .where("lease_worker", "is not", null)
      .executeTakeFirst();
    if (row === undefined) return { is: "fenced" };
    if (row.seq !== seq || !(await holdsItsLocks(trx, taskId, event)))
      return { is: "outdated", seq: row.seq, state: await newestState(trx, lease) };

    const lock = lockOf(state);
    if (lock !== null) {
      const holder = await trx
        .selectFrom("tasks")
        .select("id")
        .where("lock", "=", lock)
        .where("id", "<>", taskId)
        .executeTakeFirst();
      if (holder !== undefined) return { is: "locked", by: holder.id };
    }
    await trx
      .updateTable("tasks")
      .set({
        ...columnsOf(state),
        seq: seq + 1,
        updated_at: event.at,
        waiting_for: null,
        waiting_since: null,
      })
      // A slot is given by a claim only, so one that is given back stays so until the next.
      .set({ slot: needsSlot(state) ? row.slot : 0 })
      .where("id", "=", taskId)
      .execute();
    const id = await insertEvent(trx, taskId, seq + 1, event);
    if (event.type === "usage_recorded") await noteUsage(trx, id, taskId, event);
    await noteParking(trx, state.agent, event);
    await giveBackLocks(trx, taskId, event, state);
    return { is: "appended", seq: seq + 1 };
  });
}

async function newestState(trx: Db, { taskId }: Lease): Promise<TaskState> {
  const row = await trx
    .selectFrom("tasks")
    .selectAll()
    .where("id", "=", taskId)
    .executeTakeFirstOrThrow();
  const state = await stateOf(trx, row);
  if (state === undefined) throw new Error(`task ${taskId}: ${unreadable}`);
  return state;
}
