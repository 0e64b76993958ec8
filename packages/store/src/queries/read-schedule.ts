import { type Instant, schedule } from "@ampx/core";
import type { FoundSchedule, ScheduleRules } from "../scheduling.ts";
import type { Db } from "../tables.ts";
import { standing } from "./standing.ts";

/** In one transaction, so that it is of one moment. */
export function readSchedule(
  db: Db,
  rules: ScheduleRules,
  slots: number,
  now: Instant,
): Promise<FoundSchedule> {
  return db.transaction().execute((trx) => scheduleNow(trx, rules, slots, now));
}

export async function scheduleNow(
  trx: Db,
  rules: ScheduleRules,
  slots: number,
  now: Instant,
): Promise<FoundSchedule> {
  const { perRepo, perAgent, ageMs } = rules;
  const found = await standing(trx, now, rules);
  const busy = [...found.running.byRepo.values()].reduce((sum, count) => sum + count, 0);
  const places = Math.max(0, slots - busy);
  const limits = { places, perRepo, perAgent, ageMs };
  const { begin, waits } = schedule(found, limits, now);
  return {
    standing: found,
    limits,
    begin,
    waits,
    order: [...begin, ...waits.keys()],
    names: found.names,
  };
}
