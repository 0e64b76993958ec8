import { evolve, type TaskEvent } from "@ampx/core";
import { expect, it } from "vitest";
import { looseRules } from "../scheduling.ts";
import {
  abortRequested,
  appended,
  claimed,
  created,
  hour,
  inTurn,
  neverRefuse,
  ofTicket,
  start,
  taskId,
  turnEnded,
  untilReady,
  worker,
} from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

const now = start + 1_000;
const rest = { wakeAt: null, reason: "nothing", faults: 0, now };

/** Who begins, with which locks, and what the others wait for. */
export function scheduleContract(make: () => StoreHarness): void {
  it("lets tasks begin by priority, then by age, and what has begun before what has not", async () => {
    await using harness = make();
    await using store = await harness.open();
    for (const [n, priority] of [
      [1, 9],
      [2, 5],
      [3, 1],
    ] as const)
      await store.createTask(created(n, { priority }));
    const first = await claimed(store, { slots: 1 });
    expect(first).toMatchObject({ lease: { taskId: taskId(3) }, isItsTurn: true });
    const begun = await appended(store, first, ...inTurn, turnEnded);
    await store.release(begun.lease, begun.seq, { ...rest, wakeAt: now });
    const again = await claimed(store, { slots: 1 });
    expect(again).toMatchObject({ lease: { taskId: taskId(3) }, isItsTurn: false });
    await store.release(again.lease, again.seq, rest);
    expect((await claimed(store)).lease.taskId).toBe(taskId(2));
  });

  it("gives a lock to one task at a time, from its claim to its end", async () => {
    await using harness = make();
    await using store = await harness.open();
    for (const n of [1, 2]) await store.createTask(ofTicket(n, { locks: ["auth"] }));
    const holder = await claimed(store);
    expect(await store.claim(worker())).toBeUndefined();
    expect((await store.tasksWithLocks()).map(({ id }) => id)).toEqual([taskId(1)]);
    const at = now;
    const begun = await appended(
      store,
      holder,
      { type: "started", at, locks: ["auth"] },
      ...inTurn.slice(1),
    );
    expect(await store.claim(worker())).toBeUndefined();
    await appended(
      store,
      begun,
      { type: "turn_interrupted", at, ms: 0, cause: "abort" },
      {
        type: "aborted",
        at,
        by: "ada",
      },
    );
    expect((await claimed(store)).lease.taskId).toBe(taskId(2));
  });

  it("shares a lock among those that read, in one repository", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(ofTicket(1, { locks: ["read:db"] }));
    await store.createTask(ofTicket(2, { locks: ["read:db"] }));
    await store.createTask(ofTicket(3, { locks: ["db"] }));
    await store.createTask(ofTicket(4, { locks: ["db"] }, { repo: "/repos/other.git" }));
    const had = [];
    for (;;) {
      const claim = await store.claim(worker({ slots: 10 }));
      if (claim === undefined) break;
      had.push(claim.lease.taskId);
    }
    expect(had).toEqual([1, 2, 4].map(taskId));
  });

  it("frees the locks of a claim that came to nothing, and keeps those of a dead worker until its lease ends", async () => {
    await using harness = make();
    await using store = await harness.open();
    for (const n of [1, 2]) await store.createTask(ofTicket(n, { locks: ["auth"] }));
    const failed = await claimed(store);
    await store.release(failed.lease, failed.seq, { ...rest, wakeAt: now + hour, faults: 1 });
    const second = await claimed(store);
    expect(second.lease.taskId).toBe(taskId(2));
    expect(await store.claim(worker({ now: now + 9_000 }))).toBeUndefined();
    expect(await store.claim(worker({ now: now + 20_000 }))).toMatchObject({
      lease: { taskId: taskId(2) },
      isItsTurn: true,
      brokenOffAt: now,
    });
  });

  it("frees what a worker had claimed and not begun when it died, for whoever comes first by then", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(ofTicket(2, { locks: ["auth"] }));
    await claimed(store);
    await store.createTask(ofTicket(1, { locks: ["auth"] }, { priority: 1 }));
    const late = { now: now + 20_000 };
    expect((await claimed(store, late)).lease.taskId).toBe(taskId(1));
    expect(await store.claim(worker(late))).toBeUndefined();
  });

  it("goes on with a task that had its turn again when the worker died", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(ofTicket(1, { locks: ["auth"] }));
    const at = now;
    const waiting = await claimed(store);
    await store.release(waiting.lease, waiting.seq, rest);
    const begun = await appended(store, await claimed(store), {
      type: "started",
      at,
      locks: ["auth"],
    });
    expect(begun.state.phase.name).toBe("preparing");
    expect(await store.claim(worker({ now: now + 20_000 }))).toMatchObject({
      lease: { taskId: taskId(1) },
      isItsTurn: false,
      brokenOffAt: now,
    });
  });

  it("lets nothing begin without its locks, whoever came in after the claim", async () => {
    await using harness = make();
    await using store = await harness.open();
    for (const n of [1, 2]) await store.createTask(ofTicket(n, { locks: ["auth"] }));
    const first = await claimed(store);
    const at = now;
    for (const type of ["attach_requested", "detach_requested"] as const)
      await store.request(taskId(1), { type, at, by: "ada" }, neverRefuse);
    const started: TaskEvent = { type: "started", at, locks: ["auth"] };
    const second = await appended(store, await claimed(store), started);
    expect(second.lease.taskId).toBe(taskId(2));
    const row = await store.readTask(taskId(1));
    const { state, seq } = { state: row?.state ?? first.state, seq: row?.seq ?? 0 };
    const result = await store.append(first.lease, seq, started, evolve(state, started));
    expect(result).toMatchObject({ is: "outdated", seq: 3 });
    expect((await store.readTask(taskId(1)))?.state.phase.name).toBe("queued");
  });

  it("asks about dependencies when a task begins, and not again when it has lost its locks", async () => {
    await using harness = make();
    await using store = await harness.open();
    const rules = { ...looseRules, startAfter: "green" } as const;
    await store.createTask(ofTicket(1));
    await store.createTask(ofTicket(2, { dependencies: ["T-1"], locks: ["auth"] }));
    const first = await appended(store, await claimed(store, { rules }), ...untilReady);
    const at = now;
    const begun = await appended(
      store,
      await claimed(store, { rules }),
      { type: "started", at, locks: ["auth"] },
      ...inTurn.slice(1, 2),
    );
    await store.release(begun.lease, begun.seq, rest);
    await appended(store, first, { type: "aborted", at, by: "ada" });
    const released = { type: "locks_released", at, by: "ada", reason: "" } as const;
    await store.request(taskId(2), released, neverRefuse);
    expect(await store.claim(worker({ rules }))).toMatchObject({
      lease: { taskId: taskId(2) },
      isItsTurn: true,
    });
  });

  it("takes locks away at a person's word, and the task has its turn again before it goes on", async () => {
    await using harness = make();
    await using store = await harness.open();
    for (const n of [1, 2]) await store.createTask(ofTicket(n, { locks: ["auth"] }));
    const at = now;
    const holder = await appended(
      store,
      await claimed(store),
      { type: "started", at, locks: ["auth"] },
      ...inTurn.slice(1, 2),
    );
    await store.release(holder.lease, holder.seq, rest);
    const released = { type: "locks_released", at, by: "ada", reason: "" } as const;
    await store.request(taskId(1), released, neverRefuse);
    // By age it comes first again.
    const again = await claimed(store);
    expect(again).toMatchObject({ lease: { taskId: taskId(1) }, isItsTurn: true });
    expect(await store.claim(worker())).toBeUndefined();
    await appended(store, again, { type: "locks_taken", at, locks: ["auth"] });
    expect((await store.tasksWithLocks()).map(({ id }) => id)).toEqual([taskId(1)]);
  });

  it.for(["merged", "green"] as const)(
    "begins what depends on a ticket once that is %s",
    async (startAfter) => {
      await using harness = make();
      await using store = await harness.open();
      const rules = { ...looseRules, startAfter };
      await store.createTask(ofTicket(1));
      await store.createTask(ofTicket(2, { dependencies: ["T-1"] }, { priority: 1 }));
      const first = await claimed(store, { rules });
      expect(first.lease.taskId).toBe(taskId(1));
      expect(await store.claim(worker({ rules }))).toBeUndefined();
      const ready = await appended(store, first, ...untilReady);
      await store.release(ready.lease, ready.seq, rest);
      const next = await store.claim(worker({ rules }));
      expect(next?.lease.taskId).toBe(startAfter === "green" ? taskId(2) : undefined);
    },
  );

  it("has those that wait say what for, and writes only what is new", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(ofTicket(1, { locks: ["auth"] }));
    await store.createTask(ofTicket(2, { locks: ["auth"] }));
    await store.createTask(ofTicket(3, { dependencies: ["T-1"] }));
    await claimed(store);
    expect(await store.noteWaits(looseRules, 3, now)).toBe(2);
    expect(await store.noteWaits(looseRules, 3, now + 60_000)).toBe(0);
    const waits = async (n: number) => {
      const row = await store.readTask(taskId(n));
      return [row?.waitingFor, row?.waitingSince];
    };
    expect(await waits(2)).toEqual(["lock auth, held by T-1 (000001)", now]);
    expect(await waits(3)).toEqual(["ticket T-1 (000001) to be merged", now]);
    await store.request(taskId(1), abortRequested(), neverRefuse);
    const ended = await claimed(store, { now: now + 20_000 });
    await appended(store, ended, { type: "aborted", at: now, by: "ada" });
    await store.noteWaits(looseRules, 3, now);
    expect((await waits(3))[0]).toMatch(/^ticket T-1 \(000001\), which was aborted: /);
  });

  it("has what has begun say that a pause holds up its next turn, for as long as it does", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(created(1));
    const looked = await appended(store, await claimed(store), ...inTurn.slice(0, 2));
    await store.release(looked.lease, looked.seq, { ...rest, wakeAt: now });
    const says = async () => (await store.readTask(taskId(1)))?.waitingFor;
    const before = await says();
    expect(await store.noteWaits(looseRules, 3, now)).toBe(0);
    expect(await says()).toBe(before);
    const repo = "/repos/shop.git";
    for (const where of [repo, null]) {
      await store.pause({ repo: where, by: "ada", at: now, untilRestart: false });
      expect(await store.noteWaits(looseRules, 3, now)).toBe(1);
      expect(await store.noteWaits(looseRules, 3, now)).toBe(0);
      expect(await says()).toMatch(
        where === null ? /^you: everything is paused/ : /shop.git is paused/,
      );
    }
    await store.resume({ repo: null });
    expect(await store.noteWaits(looseRules, 3, now)).toBe(1);
    expect(await says()).toBe("a free agent slot");
  });

  it("keeps to the slots of a repository and of an agent, also for what has begun", async () => {
    await using harness = make();
    await using store = await harness.open();
    const other = { repo: "/repos/other.git", agent: "amp" };
    for (const n of [1, 2, 3]) await store.createTask(created(n));
    await store.createTask(created(4, other));
    const rules = { ...looseRules, perRepo: 1 };
    const first = await claimed(store, { rules });
    expect((await claimed(store, { rules })).lease.taskId).toBe(taskId(4));
    expect(await store.claim(worker({ rules }))).toBeUndefined();
    // Two that have begun and want a turn of the agent at once.
    const looked = await appended(store, first, ...inTurn.slice(0, 2));
    const second = await appended(store, await claimed(store), ...inTurn.slice(0, 2));
    for (const { lease, seq } of [looked, second])
      await store.release(lease, seq, { ...rest, wakeAt: now });
    expect(await store.claim(worker({ rules, slots: 10 }))).toBeDefined();
    expect(await store.claim(worker({ rules, slots: 10 }))).toBeUndefined();
    const ofAgents = { ...looseRules, perAgent: 1 };
    expect(await store.claim(worker({ rules: ofAgents, slots: 10 }))).toBeUndefined();
    expect(await store.claim(worker({ slots: 10 }))).toBeDefined();
  });

  it("starts no turn while it is paused, everywhere or in a repository; an end is no turn", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(created(1));
    await store.createTask(created(2, { repo: "/repos/other.git" }));
    const paused = { repo: "/repos/shop.git", by: "ada", at: now, untilRestart: false };
    await store.pause(paused);
    const other = await appended(store, await claimed(store), ...inTurn.slice(0, 2));
    expect(other.lease.taskId).toBe(taskId(2));
    await store.release(other.lease, other.seq, { ...rest, wakeAt: now });
    await store.pause({ ...paused, repo: null, untilRestart: true });
    expect(await store.claim(worker())).toBeUndefined();
    expect(await store.pauses()).toHaveLength(2);
    expect(await store.resume({ untilRestart: true })).toBe(1);
    expect((await claimed(store)).lease.taskId).toBe(taskId(2));
    expect(await store.claim(worker())).toBeUndefined();
    await store.request(taskId(1), abortRequested(), neverRefuse);
    expect((await claimed(store, { now: now + 5_000 })).lease.taskId).toBe(taskId(1));
    expect(await store.resume({ repo: null })).toBe(1);
    expect(await store.pauses()).toEqual([]);
  });

  it("never has two holders of a lock, whatever four processes claim at once", async () => {
    await using harness = make();
    await using store = await harness.open();
    for (let n = 1; n <= 40; n += 1)
      await store.createTask(ofTicket(n, { locks: [`lock-${n % 4}`] }));
    const children = ["a", "b", "c", "d"].map((id) => harness.child("claimTurns", id));
    const had = (await Promise.all(children.map((child) => child.result()))) as string[][];
    expect(had.flat().toSorted()).toEqual([1, 2, 3, 4].map(taskId));
  });
}
