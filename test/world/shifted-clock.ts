import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Clock } from "@ampx/worker";

/** The machine's clock, so many milliseconds ahead as the file says: it jumps as it does after a sleep of the machine, or is set back, whenever the file is written. */
export function shiftedClock(file: string): Clock {
  return {
    now: () => Date.now() + Number(readFileSync(file, "utf8")),
    awake: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  };
}
