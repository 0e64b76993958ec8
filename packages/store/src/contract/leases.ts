import { evolve } from "@ampx/core";
import { expect, it } from "vitest";
import {
  able,
  abortRequested,
  addTasks,
  appended,
  claimed,
  created,
  hour,
  inTurn,
  neverRefuse,
  start,
  taskId,
  turnEnded,
  untilReady,
  worker,
} from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

const now = start + 1_000;
const rest = { wakeAt: null, reason: "nothing", faults: 0, now };

/** Who may work on what: claims, fences, slots, locks. */
export function leasesContract(make: () => StoreHarness): void {
  it("gives the oldest task first and each to one worker only", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 2);
    const first = await claimed(store);
    expect(first).toMatchObject({
      lease: { taskId: taskId(1), epoch: 1 },
      seq: 1,
      slot: true,
      brokenOffAt: null,
      faults: 0,
    });
    expect((await claimed(store)).lease.taskId).toBe(taskId(2));
    expect(await store.claim(worker())).toBeUndefined();
  });

  it("gives a task not before it is due", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const claim = await claimed(store);
    await store.release(claim.lease, claim.seq, {
      ...rest,
      wakeAt: now + 500,
      reason: "CI",
      faults: 2,
    });
    expect(await store.nextDue(now)).toBe(now + 500);
    expect(await store.claim(worker({ now: now + 499 }))).toBeUndefined();
    expect(await claimed(store, { now: now + 500 })).toMatchObject({
      faults: 2,
      brokenOffAt: null,
      lease: { epoch: 2 },
    });
  });

  it("says when a lease ends by time, and nothing for tasks that only wait for a slot or a person", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 2);
    expect(await store.nextDue(now)).toBeNull();
    const { lease, seq } = await claimed(store, { slots: 1, leaseMs: 700 });
    expect(await store.nextDue(now)).toBe(now + 700);
    await store.release(lease, seq, rest);
    expect(await store.nextDue(now)).toBeNull();
  });

  it("wakes what is due later than a clock that was set back says, and nothing that waits for a person", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 2);
    const [later, resting] = [await claimed(store), await claimed(store)];
    await store.release(later.lease, later.seq, { ...rest, wakeAt: now + 10 });
    await store.release(resting.lease, resting.seq, rest);
    expect(await store.wakeWaiting(now - hour)).toBe(1);
    expect(await store.wakeWaiting(now - hour)).toBe(0);
    expect((await store.readTask(later.lease.taskId))?.wakeAt).toBe(now - hour);
    expect((await store.readTask(resting.lease.taskId))?.wakeAt).toBeNull();
  });

  it("lets a worker whose task was taken over write nothing any more", async () => {
    await using harness = make();
    await using stale = await harness.open();
    await using store = await harness.open();
    await addTasks(store, 1);
    const lost = await claimed(stale);
    const [started] = inTurn;
    if (started === undefined) throw new Error("no event");
    const taken = await claimed(store, { now: now + 10_000, id: "w2" });
    expect(taken).toMatchObject({ lease: { epoch: 2 }, brokenOffAt: now });
    const before = await store.readTask(taskId(1));

    expect(await stale.append(lost.lease, lost.seq, started, evolve(lost.state, started))).toEqual({
      is: "fenced",
    });
    expect(await stale.renew(lost.lease, now + hour, now)).toBe(false);
    await stale.release(lost.lease, lost.seq, rest);
    expect(await store.readTask(taskId(1))).toEqual(before);
    await appended(store, taken, started);
  });

  it("lets a worker whose lease ran out go on as long as nobody took the task", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const claim = await claimed(store, { leaseMs: 0 });
    await appended(store, claim, ...inTurn);
    expect(await store.renew(claim.lease, now + hour, now)).toBe(true);
    expect(await store.claim(worker())).toBeUndefined();
  });

  it("leaves a task to its worker for a while after all leases ran out in a sleep", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const { lease } = await claimed(store, { leaseMs: 700 });
    await store.prolongLeases(now + hour + 700, now + hour);
    expect(await store.claim(worker({ now: now + hour, id: "w2" }))).toBeUndefined();
    expect(await store.renew(lease, now + hour + 1_400, now)).toBe(true);
    expect(await store.claim(worker({ now: now + hour + 1_400, id: "w2" }))).toMatchObject({
      lease: { taskId: lease.taskId, epoch: 2 },
      brokenOffAt: now,
    });
  });

  it("takes nothing from a worker after it released", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const claim = await claimed(store);
    await store.release(claim.lease, claim.seq, rest);
    expect(await store.renew(claim.lease, now + hour, now)).toBe(false);
    const event = { type: "started", at: now } as const;
    expect(await store.append(claim.lease, claim.seq, event, evolve(claim.state, event))).toEqual({
      is: "fenced",
    });
  });

  it("replaces a holder that was killed at once, and says when it was last alive", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const holder = harness.child("hold");
    expect(JSON.parse(await holder.said())).toEqual({ taskId: taskId(1), epoch: 1 });
    expect(await store.freeDeadLeases()).toEqual([]);
    expect(await store.claim(worker())).toBeUndefined();

    await holder.kill();
    expect(await store.freeDeadLeases()).toEqual([taskId(1)]);
    expect(await store.freeDeadLeases()).toEqual([]);
    await store.prolongLeases(now + hour, now + hour);
    expect(await claimed(store)).toMatchObject({ lease: { epoch: 2 }, brokenOffAt: now });
  });

  it("counts slots over all workers, and gives one back when the turn is over", async () => {
    await using harness = make();
    await using one = await harness.open();
    await using other = await harness.open();
    await addTasks(one, 3);
    const first = await claimed(one, { slots: 2 });
    await claimed(other, { id: "w2", slots: 2 });
    expect(await other.claim(worker({ id: "w2", slots: 2 }))).toBeUndefined();
    expect((await one.workers(0)).length).toBe(0);

    await appended(one, first, ...inTurn, turnEnded);
    expect(await claimed(other, { id: "w2", slots: 2 })).toMatchObject({
      lease: { taskId: taskId(3) },
      slot: true,
    });
  });

  it("gives a task that needs no slot although all are taken", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 2);
    await claimed(store, { slots: 1 });
    await store.request(taskId(2), abortRequested(), neverRefuse);
    expect(await claimed(store, { slots: 1, now: start + hour / 2, leaseMs: 1 })).toBeDefined();
    await store.createTask(created(3));
    await store.request(taskId(3), abortRequested(), neverRefuse);
    expect(await claimed(store, { slots: 0, now: start + hour })).toMatchObject({ slot: false });
  });

  it("lets one task at a time hold a lock", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 2);
    const merge = { type: "merge_accepted", at: start } as const;
    const first = await appended(store, await claimed(store), ...untilReady);
    const second = await appended(store, await claimed(store), ...untilReady);
    const merging = await appended(store, first, merge);
    const state = evolve(second.state, merge);
    expect(await store.append(second.lease, second.seq, merge, state)).toEqual({
      is: "locked",
      by: taskId(1),
    });
    expect((await store.readTask(taskId(2)))?.seq).toBe(second.seq);

    await appended(store, merging, {
      type: "rebase_conflicted",
      at: start,
      base: "b".repeat(40),
      files: ["a"],
    });
    expect(await store.append(second.lease, second.seq, merge, state)).toMatchObject({
      is: "appended",
    });
  });

  it("tells who holds a lease, and which workers live and run turns", async () => {
    await using harness = make();
    await using store = await harness.open({ now: () => now });
    await addTasks(store, 1);
    await claimed(store);
    expect((await store.readTask(taskId(1)))?.leaseHolder).toEqual(worker().holder);
    const report = {
      id: "w1",
      holder: worker().holder,
      aliveAt: now,
      slots: 3,
      agents: [{ name: "amp", command: null, version: null, problems: [], can: able }],
    };
    await store.reportWorker({ ...report, aliveAt: now - 5 });
    await store.reportWorker(report);
    await store.reportWorker({ ...report, id: "w0", aliveAt: now - hour });
    expect(await store.workers(now - 1)).toEqual([{ ...report, busy: 1 }]);
  });
}
