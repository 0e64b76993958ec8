import type { Instant, Millis, TaskId } from "@ampx/core";
import type { IdempotencyKey } from "../store.ts";
import type { Db } from "../tables.ts";

const keptKeysMs: Millis = 7 * 24 * 60 * 60 * 1000;

/** Remembers that a request was answered, in its transaction; what was kept for a week is forgotten. */
export async function keepKey(
  trx: Db,
  { key, digest }: IdempotencyKey,
  id: TaskId,
  at: Instant,
): Promise<void> {
  await trx
    .deleteFrom("idempotency_keys")
    .where("at", "<", at - keptKeysMs)
    .execute();
  await trx.insertInto("idempotency_keys").values({ key, digest, task_id: id, at }).execute();
}
