import type { Instant } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function webhooksOfWords(
  db: Db,
  after: Instant,
): Promise<{ repository: string; at: Instant }[]> {
  const rows = await db
    .selectFrom("webhooks")
    .select(["repository", "words_at"])
    .where("words_at", ">", after)
    .execute();
  return rows.map(({ repository, words_at: at }) => ({ repository, at: at ?? 0 }));
}
