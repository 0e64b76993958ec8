import type { TaskId } from "@ampx/core";
import { isAlive, type Holder } from "../holder.ts";
import type { Db } from "../tables.ts";

export async function freeDeadLeases(db: Db): Promise<TaskId[]> {
  const leases = await db
    .selectFrom("tasks")
    .select(["id", "epoch", "lease_host", "lease_pid", "lease_started"])
    .where("lease_worker", "is not", null)
    .where("lease_until", ">", 0)
    .execute();
  const freed: TaskId[] = [];
  for (const { id, epoch, ...holder } of leases) {
    if (isAlive(holderOf(holder)) !== false) continue;
    // What else the row says stays: the next claim tells from it that the lease was broken off, and when.
    const { numUpdatedRows } = await db
      .updateTable("tasks")
      .set({ lease_until: 0 })
      .where("id", "=", id)
      .where("epoch", "=", epoch)
      .where("lease_worker", "is not", null)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) freed.push(id);
  }
  return freed;
}

function holderOf(row: {
  lease_host: string | null;
  lease_pid: number | null;
  lease_started: string | null;
}): Holder {
  return {
    host: row.lease_host ?? "",
    pid: row.lease_pid ?? 0,
    startedAt: row.lease_started ?? "",
  };
}
