import { type Instant, schedule, type TaskState } from "@ampx/core";
import { sql } from "kysely";
import { looseRules } from "../scheduling.ts";
import { type Claim, type ClaimRequest } from "../store.ts";
import { stateOf, unreadable } from "../stored-state.ts";
import type { Db, StoredTask } from "../tables.ts";
import { standing } from "./standing.ts";
import { takeLocks } from "./take-locks.ts";

type Found = { row: StoredTask; state: TaskState; isItsTurn: boolean };

export function claim(db: Db, request: ClaimRequest): Promise<Claim | undefined> {
  const { id: worker, holder, leaseMs, now } = request;
  return db.transaction().execute(async (trx) => {
    const found = await nextReadable(trx, request);
    if (found === undefined) return undefined;
    const { row, state, isItsTurn } = found;
    if (isItsTurn) await takeLocks(trx, state, now);
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
        // From now on it is due by itself, should this worker die.
        ...(isItsTurn && { wake_at: now }),
      })
      .where("id", "=", row.id)
      .execute();
    return {
      lease: { taskId: row.id, epoch },
      state,
      seq: row.seq,
      slot: row.needs_slot === 1,
      isItsTurn,
      brokenOffAt: row.lease_worker === null ? null : row.lease_renewed_at,
      faults: row.faults,
      hurriedAt: row.hurried_at,
    };
  });
}

/** A task that cannot be read is set aside with the reason, lest it stand in the way of all others for ever. */
async function nextReadable(trx: Db, request: ClaimRequest): Promise<Found | undefined> {
  for (;;) {
    const next = await nextId(trx, request);
    if (next === undefined) return undefined;
    const { id, isItsTurn } = next;
    const row = await trx
      .selectFrom("tasks")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    const state = await stateOf(trx, row);
    if (state !== undefined) return { row, state, isItsTurn };
    await trx
      .updateTable("tasks")
      .set({
        wake_at: null,
        waits_turn: 0,
        status: "error",
        phase: "error",
        waiting_for: `you: ${unreadable}`,
        waiting_since: request.now,
        lock: null,
      })
      .set({ lease_worker: null, lease_until: 0, slot: 0 })
      .where("id", "=", row.id)
      .execute();
    await trx.deleteFrom("locks").where("task_id", "=", row.id).execute();
  }
}

/** What needs no slot comes first, then what has begun, then what begins: the work in hand is finished before more is taken up. */
async function nextId(
  trx: Db,
  { now, slots, rules = looseRules, begins = true }: ClaimRequest,
): Promise<{ id: string; isItsTurn: boolean } | undefined> {
  const free = await dueId(trx, now, 0);
  if (free !== undefined) return { id: free, isItsTurn: false };
  const places = slots - (await busySlots(trx, now));
  if (places <= 0) return undefined;
  const begun = await dueId(trx, now, 1);
  const mayTurn = begun === undefined ? undefined : await dueTurnId(trx, now, rules);
  if (mayTurn !== undefined) return { id: mayTurn, isItsTurn: false };
  if (!begins) return undefined;
  await freeUnused(trx, now);
  const { perRepo, perAgent, ageMs } = rules;
  const { begin } = schedule(
    await standing(trx, now, rules),
    { places, perRepo, perAgent, ageMs },
    now,
  );
  const [first] = begin;
  return first === undefined ? undefined : { id: first, isItsTurn: true };
}

/** Locks of claims whose worker ended before the task began: it is scheduled anew. */
async function freeUnused(trx: Db, now: Instant): Promise<void> {
  await sql`delete from locks where task_id in (
    select id from tasks where waits_turn = 1 and lease_until <= ${now})`.execute(trx);
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

/** The index is named because the other one on `wake_at` would sort a long queue at every claim. */
async function dueId(trx: Db, now: Instant, needsSlot: 0 | 1): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from tasks indexed by tasks_due
    where wake_at is not null and waits_turn = 0 and needs_slot = ${needsSlot} and wake_at <= ${now} and lease_until <= ${now}
    order by priority, id limit 1`.execute(trx);
  return rows[0]?.id;
}

/** The first task whose repository and agent have a slot for one more turn, and are not paused. */
async function dueTurnId(
  trx: Db,
  now: Instant,
  { perRepo, perAgent }: { perRepo: number; perAgent: number },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    with busy as materialized (
      select repo, working_agent from tasks where lease_worker is not null and lease_until > ${now} and slot = 1
    )
    select id from tasks indexed by tasks_due
    where wake_at is not null and waits_turn = 0 and needs_slot = 1 and wake_at <= ${now} and lease_until <= ${now}
      and not exists (select 1 from pauses where pauses.repo in ('', tasks.repo))
      and (select count(*) from busy where busy.repo = tasks.repo) < ${perRepo}
      and (select count(*) from busy where busy.working_agent = tasks.working_agent) < ${perAgent}
    order by priority, id limit 1`.execute(trx);
  return rows[0]?.id;
}
