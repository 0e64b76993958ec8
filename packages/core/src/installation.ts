import type { Instant } from "./scalars.ts";
import { nothingUsed, type Used } from "./used.ts";

/** An agent that no task calls for now, because its provider refused one of them. */
export interface Parked {
  agent: string;
  /** `rate_limit`, `overloaded` or `auth`. */
  kind: string;
  /** What it said. */
  message: string;
  since: Instant;
  /** When it is tried again. */
  until: Instant;
}

/** What the tasks of an installation share, as far as a decision about one of them depends on it. */
export interface Installation {
  parked: readonly Parked[];
  /** By all tasks, since midnight. */
  usedToday: Used;
  /** The next midnight. */
  dayEndsAt: Instant;
  /** Since when the worker that decides has looked without a gap: neither was the machine asleep since, nor did it run no worker. */
  lookingSince: Instant;
}

/** An installation in which no other task runs. */
export const aloneInstallation: Installation = {
  parked: [],
  usedToday: nothingUsed,
  dayEndsAt: Number.MAX_SAFE_INTEGER,
  lookingSince: 0,
};
