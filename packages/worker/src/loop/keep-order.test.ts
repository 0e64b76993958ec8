import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { looseRules, openStore } from "@ampx/store";
import {
  appended,
  claimed,
  hour,
  ofTicket,
  start,
  taskId,
  untilReady,
} from "@ampx/store/contract/fixtures";
import { expect, test } from "vitest";
import { systemClock } from "../system-clock.ts";
import { keepOrder } from "./keep-order.ts";

test("locks of a task that rests for too long go to who waits for them, with an event that says why", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ampx-order-"));
  await using scope = new AsyncDisposableStack();
  scope.defer(() => rm(folder, { recursive: true }));
  const store = scope.use(
    await openStore({ file: join(folder, "ampx.db"), redact: (text) => text }),
  );
  for (const n of [1, 2]) await store.createTask(ofTicket(n, { locks: ["auth"] }));
  const [started, ...rest] = untilReady;
  if (started?.type !== "started") throw new Error("it begins otherwise now");
  const events = [{ ...started, locks: ["auth"] }, ...rest];
  const { lease, seq } = await appended(store, await claimed(store), ...events);
  await store.release(lease, seq, { wakeAt: null, reason: "you", faults: 0, now: start });
  const keepOrderAt = (now: number) =>
    keepOrder({
      store,
      clock: { ...systemClock, now: () => now },
      slots: 3,
      rules: looseRules,
      lockRules: { holdUntil: "merged", maxRestMs: 24 * hour },
    });
  const newest = async () => (await store.newestEvents(taskId(1), 1))[0]?.event;

  await keepOrderAt(start + 23 * hour);
  expect(await newest()).toMatchObject({ type: "change_opened" });
  expect((await store.readTask(taskId(2)))?.waitingFor).toContain("lock auth, held by T-1");
  const later = { now: start + 25 * hour };
  await keepOrderAt(later.now);
  expect(await newest()).toMatchObject({
    type: "locks_released",
    by: null,
    reason: "it has rested for 24 h",
  });
  const begun = [await claimed(store, later), await claimed(store, later)];
  expect(begun.find(({ isItsTurn }) => isItsTurn)?.lease.taskId).toBe(taskId(2));
});
