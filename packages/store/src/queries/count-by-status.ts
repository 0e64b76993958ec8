import { TaskStatus } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function countByStatus(db: Db): Promise<Partial<Record<TaskStatus, number>>> {
  const rows = await db
    .selectFrom("task_counts")
    .select((count) => ["status", count.fn.sum<number>("count").as("total")])
    .groupBy("status")
    .execute();
  const counts: Partial<Record<TaskStatus, number>> = {};
  for (const { status, total } of rows) if (total > 0) counts[TaskStatus.parse(status)] = total;
  return counts;
}
