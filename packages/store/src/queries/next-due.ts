import type { Instant } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function nextDue(db: Db, now: Instant): Promise<Instant | null> {
  const wake = await db
    .selectFrom("tasks")
    .select((min) => min.fn.min("wake_at").as("at"))
    .where("wake_at", ">", now)
    .executeTakeFirst();
  const lease = await db
    .selectFrom("tasks")
    .select((min) => min.fn.min("lease_until").as("at"))
    .where("lease_worker", "is not", null)
    .where("lease_until", ">", now)
    .executeTakeFirst();
  const moments = [wake?.at, lease?.at].filter((at) => typeof at === "number");
  return moments.length === 0 ? null : Math.min(...moments);
}
