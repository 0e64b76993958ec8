import { setTimeout } from "node:timers/promises";
import type { Clock } from "./ports.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  // On Linux CLOCK_MONOTONIC, which stands still while the machine is suspended.
  awake: () => performance.now(),
  // An aborted sleep is over: whoever sleeps looks at the signal anyway.
  sleep: (ms, signal) =>
    setTimeout(Math.min(ms, 2 ** 31 - 1), undefined, { signal }).catch(() => undefined),
};
