import type { Instant, Millis } from "@ampx/core";
import type { Clock } from "../ports.ts";

/** Knows how long a worker has looked after its tasks without a gap, and what happened to the clock meanwhile. */
export interface Vigil {
  /** Since when there was no gap. */
  readonly since: Instant;
  /** Looks at the clock; asked for every second or so. */
  look(): {
    /** Much time has gone by since the last look, on the clock or in truth: the machine slept, or the process was stopped. */
    wasAway: boolean;
    /** The clock was set back: what was to happen at some time would happen too late. */
    isSetBack: boolean;
  };
}

/** Longer than a busy machine takes from look to look. */
const longestGapMs: Millis = 10_000;
/** Less is how clocks are kept right all the time. */
const leastStepMs: Millis = 1_000;

/** Begins now. */
export function keepVigil(clock: Pick<Clock, "now" | "awake">): Vigil {
  let now = clock.now();
  let awake = clock.awake();
  let since = now;
  return {
    get since() {
      return since;
    },
    look() {
      const [nowBefore, awakeBefore] = [now, awake];
      now = clock.now();
      awake = clock.awake();
      const passed = now - nowBefore;
      const lived = awake - awakeBefore;
      const wasAway = Math.max(passed, lived) > longestGapMs;
      const isSetBack = lived - passed > leastStepMs;
      // Set back, the clock would tell of a vigil that begins in the future.
      if (wasAway || isSetBack) since = now;
      return { wasAway, isSetBack };
    },
  };
}
