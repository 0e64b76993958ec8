import { TaskEvent, type TaskId } from "@ampx/core";
import type { StoredEvent } from "./store.ts";
import type { Db } from "./tables.ts";

/** Appends to the log of events; `seq` is the new event's place in its task's. Returns its global id. */
export async function insertEvent(
  trx: Db,
  taskId: TaskId,
  seq: number,
  event: TaskEvent,
): Promise<number> {
  const { type, at, ...facts } = event;
  const { id } = await trx
    .insertInto("events")
    .values({ task_id: taskId, seq, at, type, data: JSON.stringify(facts) })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

interface EventRow {
  id: number;
  task_id: string;
  seq: number;
  at: number;
  type: string;
  data: string;
}

/**
 * The events of rows, in their order. Parsed also on the way out: an older one lacks what was added since and gets its defaults. One
 * that does not fit is left out, lest nobody read on behind it.
 */
export function eventsOf(rows: EventRow[]): StoredEvent[] {
  return rows.flatMap((row) => {
    const facts: object = JSON.parse(row.data);
    const event = TaskEvent.safeParse({ type: row.type, at: row.at, ...facts });
    return event.success
      ? [{ id: row.id, taskId: row.task_id, seq: row.seq, event: event.data }]
      : [];
  });
}
