import type { Instant } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function wakeWaiting(db: Db, now: Instant): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("tasks")
    .set({ wake_at: now })
    .where("wake_at", ">", now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
