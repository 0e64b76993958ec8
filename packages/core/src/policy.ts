import type { Instant, Millis } from "./scalars.ts";

/** The limits and pauses that `decide` works with; from the config of the worker and its project. */
export interface Policy {
  /** A turn that is silent for this long has stalled. */
  stallMs: Millis;
  /** Pause between two looks at CI. */
  ciPollMs: Millis;
  /** CI that has not judged a commit after this long is given up. */
  ciTimeoutMs: Millis;
  /** Turns in a row that an outage or a limit of the provider may end before a person is asked. */
  maxOutages: number;
  /** A provider that refuses for longer than this is not waited for when the task names another agent. */
  fallbackAfterMs: Millis;
  /** US dollars that all tasks together may use in a day; null: as many as it takes. */
  maxUsdPerDay: number | null;
  /** The same of tokens of all kinds. */
  maxTokensPerDay: number | null;
  /** Turns in a row that may fail for another cause than an outage (the agent's program broke down) before a person is asked. */
  maxAgentFaults: number;
  /** Turns in a row that may be cut off by crashes or shutdowns before a person is asked. */
  maxInterruptions: number;
  /** Attempts in a row that may fix no failure before the approach is changed. */
  maxFruitless: number;
  /** Whether CI is asked about the base commit when something is red, to tell what was red before. */
  checksBase: boolean;
  /** What becomes of a task that changes the same files as an earlier one in flight: its agent is told, it waits, or nobody looks. */
  overlaps: "tell" | "wait" | "ignore";
  /** Verdicts in a row that may say nothing about the code before a person is asked. */
  maxCiErrors: number;
}

export const defaultPolicy: Policy = {
  stallMs: 10 * 60_000,
  ciPollMs: 2_000,
  ciTimeoutMs: 2 * 3_600_000,
  maxOutages: 100,
  fallbackAfterMs: 5 * 60_000,
  maxUsdPerDay: null,
  maxTokensPerDay: null,
  maxAgentFaults: 3,
  maxInterruptions: 25,
  maxFruitless: 3,
  checksBase: true,
  overlaps: "tell",
  maxCiErrors: 5,
};

/** When to try again what failed `count` times in a row for no fault of the agent: 5 s, 10 s, 20 s … up to 15 min. */
export function retryAt(now: Instant, count: number): Instant {
  return now + Math.min(5_000 * 2 ** Math.max(0, count - 1), 15 * 60_000);
}
