import type { Instant } from "@ampx/core";
import type { Lease } from "../store.ts";
import type { Db } from "../tables.ts";

export async function renew(
  db: Db,
  lease: Lease,
  until: Instant,
  aliveAt: Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("tasks")
    .set({ lease_until: until, lease_renewed_at: aliveAt })
    .where("id", "=", lease.taskId)
    .where("epoch", "=", lease.epoch)
    .where("lease_worker", "is not", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
