import { type Instant, nothingUsed, type Used } from "@ampx/core";
import type { Db } from "../tables.ts";
import { sumOfUsage, usedOf } from "../usage-sum.ts";

export async function usedSince(db: Db, since: Instant): Promise<Used> {
  const row = await db
    .selectFrom("usage")
    .select(sumOfUsage)
    .where("at", ">=", since)
    .executeTakeFirst();
  return row === undefined ? nothingUsed : usedOf(row);
}
