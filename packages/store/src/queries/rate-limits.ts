import type { Instant } from "@ampx/core";
import type { RateLimit } from "../store.ts";
import type { Db } from "../tables.ts";

export async function rateLimits(db: Db): Promise<(RateLimit & { toldAt: Instant })[]> {
  return db
    .selectFrom("rate_limits")
    .select([
      "host",
      "scope",
      "requests",
      "remaining",
      "resets_at as resetsAt",
      "told_at as toldAt",
    ])
    .orderBy("host")
    .orderBy("scope")
    .execute();
}
