import type { Instant, Millis } from "./scalars.ts";

/** The limits and pauses that `decide` works with; one for the whole worker, from its config. */
export interface Policy {
  /** A turn that is silent for this long has stalled. */
  stallMs: Millis;
  /** Pause between two looks at CI. */
  ciPollMs: Millis;
  /** CI that has not judged a commit after this long is given up. */
  ciTimeoutMs: Millis;
  /** Turns in a row that an outage or a limit of the provider may end before a person is asked. */
  maxOutages: number;
  /** Turns in a row that may fail for another cause than an outage (the agent's program broke down) before a person is asked. */
  maxAgentFaults: number;
  /** Turns in a row that may be cut off by crashes or shutdowns before a person is asked. */
  maxInterruptions: number;
  /** Attempts in a row that may fix no failure before the approach is changed. */
  maxFruitless: number;
  /** Whether CI is asked about the base commit when something is red, to tell what was red before. */
  checksBase: boolean;
  /** Verdicts in a row that may say nothing about the code before a person is asked. */
  maxCiErrors: number;
}

export const defaultPolicy: Policy = {
  stallMs: 10 * 60_000,
  ciPollMs: 2_000,
  ciTimeoutMs: 2 * 3_600_000,
  maxOutages: 100,
  maxAgentFaults: 3,
  maxInterruptions: 25,
  maxFruitless: 3,
  checksBase: true,
  maxCiErrors: 5,
};

/** When to try again what failed `count` times in a row for no fault of the agent: 5 s, 10 s, 20 s … up to 15 min. */
export function retryAt(now: Instant, count: number): Instant {
  return now + Math.min(5_000 * 2 ** Math.max(0, count - 1), 15 * 60_000);
}
