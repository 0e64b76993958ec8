import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { Millis } from "@ampx/core";
import type { Clock, WorkerDeps } from "@ampx/worker";
import type { FakeGitHub } from "../github/github.ts";

/** Time that a worker and its GitHub have in common, and that passes while the worker has nothing to do. */
export interface SimulatedTime {
  /** For the adapters. */
  clock: Clock;
  /** For the loop: whenever every task waits, it is the moment at which the first of them, or GitHub, goes on. */
  drive(deps: WorkerDeps): WorkerDeps;
}

/**
 * The fake's clock must stand still by itself (`now`). Work takes no time at all: agents, git and requests are real, and are waited for. So ten
 * minutes of CI are over in a second, and what is counted is the same each time.
 */
export function simulatedTime(github: FakeGitHub): SimulatedTime {
  const sleepers = new Set<Sleeper>();
  let leases = 0;
  /** Duties that run beside the loop: while one does not sleep it works, and time stands still. */
  let duties = 0;
  let wentToSleep = Promise.withResolvers<void>();

  const passUntil = async (at: number) => {
    await github.advance(Math.max(0, at - github.now()));
    await github.settled();
    for (const sleeper of sleepers) if (sleeper.until <= github.now()) sleeper.wake();
  };

  const sleep = (ms: Millis, signal: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => {
      sleepers.delete(sleeper);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const sleeper: Sleeper = { until: github.now() + ms, wake };
    if (signal.aborted) return Promise.resolve();
    sleepers.add(sleeper);
    wentToSleep.resolve();
    wentToSleep = Promise.withResolvers();
    signal.addEventListener("abort", wake, { once: true });
    return promise;
  };

  const clock: Clock = {
    now: () => github.now(),
    awake: () => performance.now(),
    async sleep(ms, signal) {
      // The pause between two changes: somebody holds a lease meanwhile, so the loop does not pass it.
      if (ms <= pauseMs) await passUntil(github.now() + ms);
      else await sleep(ms, signal);
    },
  };

  return {
    clock,
    drive(deps) {
      const { store } = deps;
      const passToNext = async (signal: AbortSignal) => {
        for (;;) {
          // What has just been written wakes the loop first; nor does time pass while webhooks are under way.
          await setImmediate();
          await github.settled();
          if (signal.aborted || leases > 0) break;
          if (sleepers.size < duties) {
            await Promise.race([wentToSleep.promise, once(signal, "abort")]);
            continue;
          }
          const due = await store.nextDue(github.now());
          // Where no task waits for a moment nothing is to be seen later.
          if (due === null) break;
          const next = Math.min(due, github.next(), ...[...sleepers].map(({ until }) => until));
          await passUntil(next);
          if (due <= next) return;
        }
        // Until a drive is over, or somebody asks for something.
        if (!signal.aborted) await once(signal, "abort");
      };
      return {
        ...deps,
        store: {
          ...store,
          async claim(request) {
            const claim = await store.claim(request);
            if (claim !== undefined) leases += 1;
            return claim;
          },
          async release(...of) {
            await store.release(...of);
            leases -= 1;
          },
        },
        clock: { ...clock, sleep: (_ms, signal) => passToNext(signal) },
        // This worker is awake whenever time passes.
        vigil: { since: 0, look: () => ({ wasAway: false, isSetBack: false }) },
        inbox: {
          ...deps.inbox,
          async run(signal) {
            duties += 1;
            await deps.inbox.run(signal);
            duties -= 1;
            wentToSleep.resolve();
          },
        },
      };
    },
  };
}

interface Sleeper {
  until: number;
  wake(): void;
}

const pauseMs: Millis = 1_000;
