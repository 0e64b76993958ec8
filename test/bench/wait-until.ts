import { setTimeout as sleep } from "node:timers/promises";

const patienceMs = 5 * 60_000;

/** Asks every `everyMs` milliseconds until the answer is yes. Throws after five minutes, which a crowded machine may need, and when the signal aborts. */
export async function waitUntil(
  what: string,
  ask: () => boolean | Promise<boolean>,
  signal: AbortSignal,
  everyMs = 20,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(everyMs, undefined, { signal });
  }
}
