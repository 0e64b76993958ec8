import type { Millis } from "@ampx/core";

export interface Watchdog extends Disposable {
  /** The process has given a sign of life. */
  heard(): void;
  /** While its output is being worked on, the process may be held up by us: its silence does not count. */
  busy(isBusy: boolean): void;
}

export type Bite = { is: "stalled"; silentFor: Millis } | { is: "timed_out" };

/**
 * Bites once, after `stallMs` of silence or `wallMs` altogether. Counts the time that this process was awake: a laptop's
 * sleep, a stopped worker or a blocked event loop are one tick, however long they were.
 */
export function watch(
  limits: { stallMs: Millis; wallMs: Millis },
  bite: (cause: Bite) => void,
): Watchdog {
  const tickMs = Math.min(1_000, Math.max(5, Math.min(limits.stallMs, limits.wallMs) / 20));
  let last = performance.now();
  let silent = 0;
  let total = 0;
  let busyReaders = 0;

  const timer = setInterval(() => {
    const now = performance.now();
    const awake = Math.min(now - last, 2 * tickMs);
    last = now;
    total += awake;
    silent = busyReaders > 0 ? 0 : silent + awake;
    if (total < limits.wallMs && silent < limits.stallMs) return;
    clearInterval(timer);
    bite(
      total >= limits.wallMs
        ? { is: "timed_out" }
        : { is: "stalled", silentFor: Math.round(silent) },
    );
  }, tickMs);

  return {
    heard() {
      silent = 0;
    },
    busy(isBusy) {
      busyReaders += isBusy ? 1 : -1;
      silent = 0;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
    },
  };
}
