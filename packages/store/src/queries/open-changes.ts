import { sql } from "kysely";
import type { OpenChange } from "../store.ts";
import type { Db } from "../tables.ts";

export async function openChanges(db: Db): Promise<OpenChange[]> {
  const inState = (key: string) => sql<string>`json_extract(state, ${`$.${key}`})`;
  return (
    db
      .selectFrom("tasks")
      .select(["id", "repo", inState("change").as("change")])
      // As the index has it, word for word.
      .where(sql<boolean>`phase not in ('merged', 'aborted')`)
      .where(inState("change"), "is not", null)
      .where(inState("closed"), "is", null)
      .orderBy("id")
      .execute()
  );
}
