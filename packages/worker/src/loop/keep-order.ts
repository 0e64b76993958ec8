import { requestRefusal, statusOf, whyRelease, type LockRules, type TaskState } from "@ampx/core";
import type { ScheduleRules, Store } from "@ampx/store";
import type { Clock } from "../ports.ts";

export interface OrderDeps {
  store: Store;
  clock: Clock;
  slots: number;
  rules: ScheduleRules;
  lockRules: LockRules;
}

/** A duty of each worker: tasks that wait to begin say what for, and locks that are held for too long go to others. Harmless if two do it at once. */
export async function keepOrder(deps: OrderDeps): Promise<void> {
  const { store, clock, slots, rules } = deps;
  await releaseLocks(deps);
  await store.noteWaits(rules, slots, clock.now());
}

async function releaseLocks({ store, clock, lockRules }: OrderDeps): Promise<void> {
  for (const holder of await store.tasksWithLocks()) {
    const at = clock.now();
    const reason = whyRelease(holder, lockRules, at);
    if (reason === null) continue;
    const event = { type: "locks_released" as const, at, by: null, reason };
    const isStillSo = (state: TaskState) =>
      state.requests.words.length === 0 &&
      whyRelease(
        { ...holder, status: statusOf(state), attached: state.requests.attach !== null },
        lockRules,
        at,
      ) !== null;
    // It may have moved meanwhile, or be about to.
    await store.request(holder.id, event, (state) =>
      isStillSo(state) ? (requestRefusal(event, state)?.reason ?? null) : "it goes on",
    );
  }
}
