import type { IdempotencyKey, Repeated } from "../store.ts";
import type { Db } from "../tables.ts";

export async function findRepeated(db: Db, key: IdempotencyKey): Promise<Repeated | undefined> {
  const used = await db
    .selectFrom("idempotency_keys")
    .select(["digest", "task_id"])
    .where("key", "=", key.key)
    .executeTakeFirst();
  if (used === undefined) return undefined;
  return used.digest === key.digest ? { is: "repeated", id: used.task_id } : { is: "key_reused" };
}
