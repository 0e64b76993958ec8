import { setTimeout } from "node:timers/promises";
import type { Clock } from "./ports.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  // An aborted sleep is over: whoever sleeps looks at the signal anyway.
  sleep: (ms, signal) =>
    setTimeout(Math.min(ms, 2 ** 31 - 1), undefined, { signal }).catch(() => undefined),
};
