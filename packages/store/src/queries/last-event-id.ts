import type { Db } from "../tables.ts";

export async function lastEventId(db: Db): Promise<number> {
  const row = await db
    .selectFrom("events")
    .select("id")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? 0;
}
