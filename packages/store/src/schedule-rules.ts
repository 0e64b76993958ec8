import type { Config, LockRules } from "@ampx/core";
import { looseRules, type ScheduleRules } from "./scheduling.ts";

/** What a config says of who begins. */
export function scheduleRules(config: Config): ScheduleRules {
  return {
    perRepo: config.slots_per_repo ?? looseRules.perRepo,
    perAgent: config.slots_per_agent ?? looseRules.perAgent,
    ageMs: config.tickets.age_hours * 3_600_000,
    startAfter: config.tickets.start_after,
  };
}

/** What it says of how long locks are held. */
export function lockRules({ tickets }: Config): LockRules {
  return { holdUntil: tickets.hold_locks, maxRestMs: tickets.lock_hours * 3_600_000 };
}
