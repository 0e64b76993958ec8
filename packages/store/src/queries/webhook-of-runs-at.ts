import type { Instant } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function webhookOfRunsAt(db: Db, repository: string): Promise<Instant | null> {
  const row = await db
    .selectFrom("webhooks")
    .select("runs_at")
    .where("repository", "=", repository)
    .executeTakeFirst();
  return row?.runs_at ?? null;
}
