import { type Instant, type WaitReason, waitText } from "@ampx/core";
import { type ScheduleRules, taskWords } from "../scheduling.ts";
import type { Db } from "../tables.ts";
import { notePausedTurns } from "./note-paused-turns.ts";
import { scheduleNow } from "./read-schedule.ts";
import { sayWait } from "./say-wait.ts";

/** Only what is new is written: a long queue costs a read. */
export function noteWaits(
  db: Db,
  rules: ScheduleRules,
  slots: number,
  now: Instant,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom("tasks")
      .select(["id", "waiting_for"])
      .where("waits_turn", "=", 1)
      .where("lease_worker", "is", null)
      .execute();
    const told = await notePausedTurns(trx, now);
    if (rows.length === 0) return told;
    const { waits, names } = await scheduleNow(trx, rules, slots, now);
    let changed = told;
    for (const { id, waiting_for } of rows) {
      const reason = waits.get(id);
      // It waits for another try, and says so.
      if (reason === undefined) continue;
      const text = waitText(
        lasting(reason),
        (task) => taskWords(task, names),
        now,
        rules.startAfter,
      );
      changed += await sayWait(trx, { id, waiting_for }, text, now);
    }
    return changed;
  });
}

/** Without what changes by the minute: lists show since when it waits, and `ampx why` the rest. */
function lasting(reason: WaitReason): WaitReason {
  switch (reason.for) {
    case "lock":
      return { ...reason, since: null, ahead: 0 };
    case "place":
    case "repo_limit":
    case "agent_limit":
      return { ...reason, ahead: 0 };
    case "pause":
    case "dependency":
    case "failed_dependency":
      return reason;
  }
}
