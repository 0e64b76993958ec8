import { TaskStatus } from "@ampx/core";
import { sql } from "kysely";
import type { TaskWithLocks } from "../scheduling.ts";
import type { Db } from "../tables.ts";

export async function tasksWithLocks(db: Db): Promise<TaskWithLocks[]> {
  const rows = await db
    .selectFrom("tasks")
    .select(["id", "status", "updated_at"])
    .select(sql<number>`json_extract(state, '$.requests.attach') is not null`.as("attached"))
    .where("id", "in", (of) => of.selectFrom("locks").select("task_id"))
    .execute();
  return rows.map(({ id, status, updated_at, attached }) => ({
    id,
    status: TaskStatus.parse(status),
    updatedAt: updated_at,
    attached: attached === 1,
  }));
}
