import { evolve } from "@ampx/core";
import { expect, it } from "vitest";
import {
  abortRequested,
  addTasks,
  appended,
  claimed,
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

/** What people ask for while a worker is busy or a task rests, and what a task waits for. */
export function requestsContract(make: () => StoreHarness): void {
  it("tells a worker of a request that came first, and evolves from it", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const claim = await claimed(store);
    expect(await store.request(taskId(1), abortRequested(), neverRefuse)).toEqual({
      is: "appended",
    });
    const event = { type: "started", at: now } as const;
    const result = await store.append(claim.lease, claim.seq, event, evolve(claim.state, event));
    expect(result).toMatchObject({
      is: "outdated",
      seq: 2,
      state: { requests: { abort: { by: "ada" } } },
    });
    if (result.is !== "outdated") return;
    expect(await store.append(claim.lease, result.seq, event, evolve(result.state, event))).toEqual(
      { is: "appended", seq: 3 },
    );
  });

  it("keeps a task due when a request came after the worker last looked", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const claim = await claimed(store);
    await store.request(taskId(1), abortRequested(), neverRefuse);
    await store.release(claim.lease, claim.seq, rest);
    expect(await claimed(store, { now })).toMatchObject({ seq: 2, lease: { epoch: 2 } });
  });

  it("refuses a request for a reason, or because there is no such task, and then writes nothing", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    expect(
      await store.request(taskId(1), abortRequested(), (state) => `it is ${state.phase.name}`),
    ).toEqual({ is: "refused", reason: "it is queued" });
    expect(await store.request(taskId(2), abortRequested(), neverRefuse)).toEqual({
      is: "not_found",
    });
    expect(await store.lastEventId()).toBe(1);
  });

  it("answers a request with a key once, also one that it refused", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const key = { key: "k", digest: "d" };
    const ask = (refuse: () => string | null, of = key) =>
      store.request(taskId(1), abortRequested(), refuse, of);
    expect(await ask(() => "not now")).toEqual({ is: "refused", reason: "not now" });
    expect(await ask(neverRefuse)).toEqual({ is: "repeated", id: taskId(1) });
    const other = { key: "l", digest: "d" };
    expect(await ask(neverRefuse, other)).toEqual({ is: "appended" });
    expect(await ask(neverRefuse, other)).toEqual({ is: "repeated", id: taskId(1) });
    expect(await ask(neverRefuse, { ...other, digest: "e" })).toEqual({ is: "key_reused" });
    expect(await store.lastEventId()).toBe(2);
  });

  it("wakes a task at rest by a request", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const claim = await appended(store, await claimed(store), ...untilReady);
    await store.release(claim.lease, claim.seq, rest);
    expect(await store.claim(worker({ now: start + hour }))).toBeUndefined();
    await store.request(taskId(1), abortRequested(), neverRefuse);
    expect(await store.readTask(taskId(1))).toMatchObject({ waitingFor: "a worker" });
    expect(await store.claim(worker({ now: start + hour }))).toBeDefined();
  });

  it("says what a task waits for, and since when, although a worker looks in between", async () => {
    await using harness = make();
    let time = now;
    await using store = await harness.open({ now: () => time });
    await addTasks(store, 1);
    const wait = async () => {
      const row = await store.readTask(taskId(1));
      return [row?.waitingFor, row?.waitingSince];
    };
    let claim = await claimed(store);
    expect(await wait()).toEqual([null, null]);
    claim = await appended(store, claim, ...inTurn, turnEnded);
    expect(await wait()).toEqual([null, null]);
    await store.release(claim.lease, claim.seq, { ...rest, reason: "CI", wakeAt: now });
    expect(await wait()).toEqual(["CI", now]);
    claim = await claimed(store, { now: now + 50 });
    expect(await wait()).toEqual(["CI", now]);
    await store.release(claim.lease, claim.seq, {
      ...rest,
      reason: "CI",
      wakeAt: now,
      now: now + 60,
    });
    expect(await wait()).toEqual(["CI", now]);
    claim = await claimed(store, { now: now + 70, leaseMs: 10 });
    time = now + 80;
    expect(await wait()).toEqual(["a worker: the one before ended in the middle", now + 70]);
    expect(await store.renew(claim.lease, now + hour, now + 80)).toBe(true);
    await store.release(claim.lease, claim.seq, { ...rest, reason: "the agent", now: now + 90 });
    expect(await wait()).toEqual(["the agent", now + 90]);
  });
}
