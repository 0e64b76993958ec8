import type { Instant, Millis } from "@ampx/core";
import type { RateLimit } from "../store.ts";
import type { Db } from "../tables.ts";

const keptMs: Millis = 24 * 60 * 60_000;

export async function noteRateLimits(db: Db, limits: RateLimit[], now: Instant): Promise<void> {
  if (limits.length === 0) return;
  await db.transaction().execute(async (trx) => {
    for (const { host, scope, requests, remaining, resetsAt } of limits) {
      const columns = { requests, remaining, resets_at: resetsAt, told_at: now };
      await trx
        .insertInto("rate_limits")
        .values({ host, scope, ...columns })
        .onConflict((conflict) => conflict.columns(["host", "scope"]).doUpdateSet(columns))
        .execute();
    }
    await trx
      .deleteFrom("rate_limits")
      .where("told_at", "<", now - keptMs)
      .execute();
  });
}
