import type { Instant, TaskId } from "@ampx/core";
import type { TaskRow } from "../store.ts";
import type { Db } from "../tables.ts";
import { taskRow } from "../task-row.ts";

export async function readTask(db: Db, id: TaskId, now: Instant): Promise<TaskRow | undefined> {
  const row = await db.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : taskRow(db, row, now);
}
