import { sql } from "kysely";
import type { Lease, Wait } from "../store.ts";
import type { Db } from "../tables.ts";

export function release(db: Db, lease: Lease, seq: number, wait: Wait): Promise<void> {
  return db.transaction().execute((trx) => releaseIn(trx, lease, seq, wait));
}

async function releaseIn(
  trx: Db,
  lease: Lease,
  seq: number,
  { wakeAt, reason, faults, now, hurriedAt = null }: Wait,
): Promise<void> {
  const mayHurry = wakeAt !== null && faults === 0;
  // A claim that came to nothing keeps no lock.
  await sql`delete from locks where task_id in (
    select id from tasks where id = ${lease.taskId} and epoch = ${lease.epoch} and lease_worker is not null and waits_turn = 1)`.execute(
    trx,
  );
  await trx
    .updateTable("tasks")
    .set((row) => ({
      lease_worker: null,
      lease_host: null,
      lease_pid: null,
      lease_started: null,
      lease_until: 0,
      lease_renewed_at: null,
      slot: 0,
      // A request or news that came after the worker last looked must not wait for what the worker then decided.
      wake_at: row
        .case()
        .when("seq", "<>", seq)
        .then(now)
        .when(mayHurry ? row("hurried_at", "is distinct from", hurriedAt) : row.lit(false))
        .then(now)
        .else(wakeAt)
        .end(),
      // A wait that was only looked at goes on.
      waiting_since: row
        .case()
        .when("waiting_for", "=", reason)
        .then(row.ref("waiting_since"))
        .else(now)
        .end(),
      waiting_for: reason,
      faults,
    }))
    .where("id", "=", lease.taskId)
    .where("epoch", "=", lease.epoch)
    .where("lease_worker", "is not", null)
    .execute();
}
