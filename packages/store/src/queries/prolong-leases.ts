import type { Instant } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function prolongLeases(db: Db, until: Instant, now: Instant): Promise<void> {
  await db
    .updateTable("tasks")
    .set({ lease_until: until })
    .where("lease_worker", "is not", null)
    // Those of the dead are freed, and stay so.
    .where("lease_until", ">", 0)
    .where("lease_until", "<=", now)
    .execute();
}
