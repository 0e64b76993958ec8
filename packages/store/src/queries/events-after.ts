import type { TaskId } from "@ampx/core";
import { sql } from "kysely";
import type { StoredEvent } from "../store.ts";
import { eventsOf } from "../stored-event.ts";
import type { Db } from "../tables.ts";

export async function eventsAfter(
  db: Db,
  id: number,
  { taskId, limit }: { taskId?: TaskId; limit: number },
): Promise<StoredEvent[]> {
  const all = db.selectFrom("events").selectAll().limit(limit);
  const query =
    taskId === undefined
      ? all.where("id", ">", id).orderBy("id")
      : // The plus keeps SQLite from walking over the events of all tasks in the order of ids.
        all
          .where("task_id", "=", taskId)
          .where(sql<boolean>`+id > ${id}`)
          .orderBy("seq");
  const rows = await query.execute();
  return eventsOf(rows);
}
