import type { Instant } from "@ampx/core";
import type { WorkerReport } from "../store.ts";
import type { Db } from "../tables.ts";

export async function workers(
  db: Db,
  since: Instant,
): Promise<(WorkerReport & { busy: number })[]> {
  const rows = await db
    .selectFrom("workers")
    .selectAll()
    .select((row) =>
      row
        .selectFrom("tasks")
        .select((count) => count.fn.countAll<number>().as("busy"))
        .whereRef("lease_worker", "=", "workers.id")
        .where("lease_worker", "is not", null)
        .where("slot", "=", 1)
        .$asScalar()
        .$notNull()
        .as("busy"),
    )
    .where("alive_at", ">", since)
    .orderBy("id")
    .execute();
  return rows.map((row) => {
    const agents: WorkerReport["agents"] = JSON.parse(row.agents);
    return {
      id: row.id,
      holder: { host: row.host, pid: row.pid, startedAt: row.started },
      aliveAt: row.alive_at,
      slots: row.slots,
      agents,
      busy: row.busy,
    };
  });
}
