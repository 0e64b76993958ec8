import type { TaskId } from "@ampx/core";
import type { StoredEvent } from "../store.ts";
import { eventsOf } from "../stored-event.ts";
import type { Db } from "../tables.ts";

export async function newestEvents(db: Db, taskId: TaskId, limit: number): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom("events")
    .selectAll()
    .where("task_id", "=", taskId)
    .orderBy("seq", "desc")
    .limit(limit)
    .execute();
  return eventsOf(rows.toReversed());
}
