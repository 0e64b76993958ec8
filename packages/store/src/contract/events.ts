import type { TaskEvent } from "@ampx/core";
import { expect, it } from "vitest";
import {
  abortRequested,
  addTasks,
  appended,
  claimed,
  created,
  inTurn,
  never,
  neverRefuse,
  taskId,
  untilReady,
  worker,
} from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

/** The log of events, and how readers learn of it. */
export function eventsContract(make: () => StoreHarness): void {
  it("gives events back as they were, in commit order, of one task or of all", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(created(1));
    await store.createTask(created(2));
    await appended(store, await claimed(store), ...inTurn);
    const all = await store.eventsAfter(0, { limit: 100 });
    expect(all.map(({ id, taskId: task, seq }) => [id, task, seq])).toEqual([
      [1, taskId(1), 1],
      [2, taskId(2), 1],
      [3, taskId(1), 2],
      [4, taskId(1), 3],
      [5, taskId(1), 4],
    ]);
    expect(all.filter(({ taskId: task }) => task === taskId(1)).map(({ event }) => event)).toEqual([
      created(1),
      ...inTurn,
    ]);
    expect(await store.eventsAfter(3, { limit: 1 })).toEqual(all.slice(3, 4));
    expect(await store.eventsAfter(1, { taskId: taskId(1), limit: 2 })).toEqual(all.slice(2, 4));
    expect(await store.newestEvents(taskId(1), 2)).toEqual(all.slice(3));
    expect(await store.lastEventId()).toBe(5);
  });

  it("has no events in the beginning", async () => {
    await using harness = make();
    await using store = await harness.open();
    expect(await store.lastEventId()).toBe(0);
    expect(await store.eventsAfter(0, { limit: 10 })).toEqual([]);
  });

  it("refuses what is not an event, and writes nothing of it", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const claim = await claimed(store);
    const wrong = { type: "turn_started", at: "now" } as unknown as TaskEvent;
    await expect(async () =>
      store.append(claim.lease, claim.seq, wrong, claim.state),
    ).rejects.toThrow("expected number");
    expect(await store.readTask(taskId(1))).toMatchObject({ seq: 1 });
    expect(await store.lastEventId()).toBe(1);
  });

  it("tells who waits of the next write of this process or of another", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const watch = store.watch();
    const own = watch.next(never);
    await store.request(taskId(1), abortRequested(), neverRefuse);
    await own;
    const others = watch.next(never);
    await harness.child("write", taskId(1)).result();
    await others;
    expect(await store.lastEventId()).toBe(3);
  });

  it("tells each watch of a write that came before it waited", async () => {
    await using harness = make();
    await using store = await harness.open();
    await using other = await harness.open();
    const watches = [store.watch(), store.watch()];
    await addTasks(other, 1);
    for (const watch of watches) await watch.next(never);
    await other.request(taskId(1), abortRequested(), neverRefuse);
    for (const watch of watches) await watch.next(never);
  });

  it("does not tell of looks that change nothing, nor of one write twice", async () => {
    await using harness = make();
    await using store = await harness.open();
    await using other = await harness.open();
    const watch = store.watch();
    await store.createTask(created(1));
    const claim = await appended(other, await claimed(other), ...untilReady);
    await other.release(claim.lease, claim.seq, {
      wakeAt: null,
      reason: "nothing",
      faults: 0,
      now: 0,
    });
    await watch.next(never);

    const stop = new AbortController();
    let isTold = false;
    const told = watch.next(stop.signal).then(() => (isTold = true));
    for (let look = 0; look < 20; look += 1) {
      expect(await other.claim(worker())).toBeUndefined();
      expect(await store.claim(worker())).toBeUndefined();
      await other.freeDeadLeases();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(isTold).toBe(false);
    stop.abort();
    await told;
  });

  it("ends a wait when the signal aborts or the store is closed", async () => {
    await using harness = make();
    const store = await harness.open();
    const watch = store.watch();
    await watch.next(AbortSignal.abort());
    await watch.next(AbortSignal.timeout(10));
    const last = watch.next(never);
    await store[Symbol.asyncDispose]();
    await last;
    await watch.next(never);
  });
}
