import type { Millis } from "@ampx/core";
import type { WorkerReport } from "../store.ts";
import type { Db } from "../tables.ts";

const keptMs: Millis = 24 * 60 * 60 * 1000;

export async function reportWorker(
  db: Db,
  { id, holder, aliveAt, slots, agents }: WorkerReport,
): Promise<void> {
  const columns = {
    host: holder.host,
    pid: holder.pid,
    started: holder.startedAt,
    alive_at: aliveAt,
    slots,
    agents: JSON.stringify(agents),
  };
  await db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom("workers")
      .where("alive_at", "<", aliveAt - keptMs)
      .execute();
    await trx
      .insertInto("workers")
      .values({ id, ...columns })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(columns))
      .execute();
  });
}
