import { type Instant, slotWait, waitText } from "@ampx/core";
import { sql } from "kysely";
import type { Db } from "../tables.ts";
import { pauses } from "./pauses.ts";
import { sayWait } from "./say-wait.ts";

/** Tasks that have begun, and whose next turn only a pause holds up, say so, and no longer than it lasts. Returns how many have changed what they say. */
export async function notePausedTurns(trx: Db, now: Instant): Promise<number> {
  const { rows } = await sql<{ id: string; repo: string; waiting_for: string | null }>`
    select id, repo, waiting_for from tasks indexed by tasks_due
    where wake_at is not null and waits_turn = 0 and needs_slot = 1 and wake_at <= ${now} and lease_until <= ${now}`.execute(
    trx,
  );
  if (rows.length === 0) return 0;
  const found = await pauses(trx);
  const isPaused = (of: string | null) => found.some(({ repo }) => repo === of);
  const textOf = (repo: string | null) => waitText({ for: "pause", repo }, String, now);
  let changed = 0;
  for (const { id, repo, waiting_for } of rows) {
    const [all, own] = [textOf(null), textOf(repo)];
    const pause = isPaused(null) ? all : isPaused(repo) ? own : null;
    const isTold = waiting_for === all || waiting_for === own;
    const text = pause ?? (isTold ? slotWait : waiting_for);
    changed += await sayWait(trx, { id, waiting_for }, text, now);
  }
  return changed;
}
