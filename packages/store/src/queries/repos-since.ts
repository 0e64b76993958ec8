import type { Instant } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function reposSince(db: Db, at: Instant): Promise<string[]> {
  const rows = await db
    .selectFrom("tasks")
    .select("repo")
    .distinct()
    .where("updated_at", ">=", at)
    .orderBy("repo")
    .execute();
  return rows.map(({ repo }) => repo);
}
