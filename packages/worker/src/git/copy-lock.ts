import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { acquireProcessLock } from "@ampx/store";

/**
 * Runs `work` while nobody else, in this process or another, holds the lock of this file. Waits its turn, in order within the process.
 * Whoever died holding it is replaced at once.
 */
export async function withLock<T>(
  file: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const turn = Promise.withResolvers<void>();
  const before = queues.get(file);
  queues.set(file, turn.promise);
  try {
    if (before !== undefined) await orAborted(before, signal);
    await using _lock = await acquire(file, signal);
    return await work();
  } finally {
    // Who gives up waiting must not let the next one in before those ahead are done.
    void Promise.resolve(before).then(() => turn.resolve());
    if (queues.get(file) === turn.promise) void turn.promise.then(() => forget(file, turn.promise));
  }
}

/** The end of the queue per file: a lock file belongs to a process, so within the process turns are taken here. */
const queues = new Map<string, Promise<void>>();

function forget(file: string, last: Promise<void>): void {
  if (queues.get(file) === last) queues.delete(file);
}

async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function acquire(file: string, signal: AbortSignal) {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  for (let wait = 10; ; wait = Math.min(wait * 2, 200)) {
    const lock = await acquireProcessLock(file);
    if (!("heldBy" in lock)) return lock;
    await sleep(wait, undefined, { signal });
  }
}
