import type { Instant, TaskState } from "@ampx/core";
import { sql } from "kysely";
import type { Claim, ClaimRequest } from "../store.ts";
import { stateOf, unreadable } from "../stored-state.ts";
import type { Db, StoredTask } from "../tables.ts";

export function claim(
  db: Db,
  { id: worker, holder, slots, leaseMs, now }: ClaimRequest,
): Promise<Claim | undefined> {
  return db.transaction().execute(async (trx) => {
    const found = await oldestReadable(trx, now, (await busySlots(trx, now)) < slots);
    if (found === undefined) return undefined;
    const { row, state } = found;
    const epoch = row.epoch + 1;
    await trx
      .updateTable("tasks")
      .set({
        epoch,
        lease_worker: worker,
        lease_host: holder.host,
        lease_pid: holder.pid,
        lease_started: holder.startedAt,
        lease_until: now + leaseMs,
        lease_renewed_at: now,
        slot: row.needs_slot,
      })
      .where("id", "=", row.id)
      .execute();
    return {
      lease: { taskId: row.id, epoch },
      state,
      seq: row.seq,
      slot: row.needs_slot === 1,
      brokenOffAt: row.lease_worker === null ? null : row.lease_renewed_at,
      faults: row.faults,
      hurriedAt: row.hurried_at,
    };
  });
}

async function busySlots(trx: Db, now: Instant): Promise<number> {
  const row = await trx
    .selectFrom("tasks")
    .select((count) => count.fn.countAll<number>().as("busy"))
    .where("lease_worker", "is not", null)
    .where("lease_until", ">", now)
    .where("slot", "=", 1)
    .executeTakeFirstOrThrow();
  return row.busy;
}

/** A task that cannot be read is set aside with the reason, lest it stand in the way of all others for ever. */
async function oldestReadable(
  trx: Db,
  now: Instant,
  slotIsFree: boolean,
): Promise<{ row: StoredTask; state: TaskState } | undefined> {
  for (;;) {
    const row = await oldestDue(trx, now, slotIsFree);
    if (row === undefined) return undefined;
    const state = await stateOf(trx, row);
    if (state !== undefined) return { row, state };
    await trx
      .updateTable("tasks")
      .set({
        wake_at: null,
        status: "error",
        phase: "error",
        waiting_for: `you: ${unreadable}`,
        waiting_since: now,
        lock: null,
      })
      .set({ lease_worker: null, lease_until: 0, slot: 0 })
      .where("id", "=", row.id)
      .execute();
  }
}

async function oldestDue(
  trx: Db,
  now: Instant,
  slotIsFree: boolean,
): Promise<StoredTask | undefined> {
  const [free, slotted] = [
    await oldestDueId(trx, now, 0),
    slotIsFree ? await oldestDueId(trx, now, 1) : undefined,
  ];
  // Ids sort by time of creation.
  const id = free !== undefined && (slotted === undefined || free < slotted) ? free : slotted;
  return id === undefined
    ? undefined
    : trx.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The index is named because the other one on `wake_at` would sort a long queue at every claim. */
async function oldestDueId(trx: Db, now: Instant, needsSlot: 0 | 1): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from tasks indexed by tasks_due
    where wake_at is not null and needs_slot = ${needsSlot} and wake_at <= ${now} and lease_until <= ${now}
    order by id limit 1`.execute(trx);
  return rows[0]?.id;
}
