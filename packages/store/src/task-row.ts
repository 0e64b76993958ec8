import { statusOf, type Instant } from "@ampx/core";
import type { TaskRow } from "./store.ts";
import { stateOf, unreadableState } from "./stored-state.ts";
import type { Db, StoredTask } from "./tables.ts";

/** A stored task as its readers see it at `now`. Never fails because of what the row holds. */
export async function taskRow(db: Db, row: StoredTask, now: Instant): Promise<TaskRow> {
  const state = (await stateOf(db, row)) ?? unreadableState(row);
  return {
    id: row.id,
    state,
    seq: row.seq,
    status: statusOf(state),
    summary: row.summary,
    ...waitOf(row, now),
    wakeAt: row.wake_at,
    leaseHolder: leaseHolder(row, now),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function waitOf(row: StoredTask, now: Instant): Pick<TaskRow, "waitingFor" | "waitingSince"> {
  if (row.lease_worker !== null && row.lease_until <= now)
    return {
      waitingFor: "a worker: the one before ended in the middle",
      waitingSince: row.lease_renewed_at,
    };
  // With a slot it is worked on; without, what a worker does is most often to look whether the wait is over.
  if (row.slot === 1) return { waitingFor: null, waitingSince: null };
  return { waitingFor: row.waiting_for, waitingSince: row.waiting_since };
}

function leaseHolder(row: StoredTask, now: Instant): TaskRow["leaseHolder"] {
  const { lease_host: host, lease_pid: pid, lease_started: startedAt } = row;
  if (host === null || pid === null || startedAt === null || row.lease_until <= now) return null;
  return { host, pid, startedAt };
}
