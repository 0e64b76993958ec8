import type { Instant } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function readMark(db: Db, name: string): Promise<Instant | null> {
  const row = await db
    .selectFrom("read_marks")
    .select("at")
    .where("name", "=", name)
    .executeTakeFirst();
  return row?.at ?? null;
}
