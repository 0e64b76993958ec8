import { begin, evolve } from "@ampx/core";
import { expect, it } from "vitest";
import type { CreatedByTicket } from "../scheduling.ts";
import type { Store } from "../store.ts";
import { appended, claimed, inTurn, ofTicket, start, taskId } from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

const now = start + 1_000;
const plain = { update: false, by: "ada", now };
const update = { ...plain, update: true };

function enqueueAll(store: Store, events: CreatedByTicket[], options = plain) {
  return store.enqueue(events, options);
}

const what = (result: Awaited<ReturnType<Store["enqueue"]>>) =>
  result.is === "enqueued"
    ? result.tickets.map(({ is }) => is)
    : result.is === "refused"
      ? result.problems.map(({ index, reason }) => [index, reason])
      : result.is;

/** Tickets become tasks once. */
export function ticketsContract(make: () => StoreHarness): void {
  it("enqueues a ticket once, however often the same is said", async () => {
    await using harness = make();
    await using store = await harness.open();
    const events = [ofTicket(1, { locks: ["auth"] }, { priority: 2 }), ofTicket(2)];
    expect(what(await enqueueAll(store, events))).toEqual(["created", "created"]);
    expect((await store.readTask(taskId(1)))?.state.task).toEqual(events[0]?.task);
    const again = [ofTicket(3, { id: "T-1" }), ofTicket(4, { id: "T-2" })];
    expect(what(await enqueueAll(store, again))).toEqual(["unchanged", "unchanged"]);
    expect((await store.listTasks({ limit: 9 })).total).toBe(2);
  });

  it("enqueues all or none", async () => {
    await using harness = make();
    await using store = await harness.open();
    await enqueueAll(store, [ofTicket(1)]);
    const result = await enqueueAll(store, [
      ofTicket(2),
      ofTicket(3, { id: "T-1", digest: "2" }),
      ofTicket(4, { dependencies: ["T-9", "T-2"] }),
    ]);
    expect(what(result)).toEqual([
      [1, expect.stringContaining("T-1 is there already, with other content")],
      [2, "T-4 depends on T-9, and there is no such ticket"],
    ]);
    expect((await store.listTasks({ limit: 9 })).total).toBe(1);
    expect(await store.lastEventId()).toBe(1);
  });

  it("knows tickets of another repository as others", async () => {
    await using harness = make();
    await using store = await harness.open();
    await enqueueAll(store, [ofTicket(1)]);
    const there = { repo: "/repos/other.git" };
    expect(what(await enqueueAll(store, [ofTicket(2, { id: "T-1" }, there)]))).toEqual(["created"]);
    expect(
      what(await enqueueAll(store, [ofTicket(3, { dependencies: ["T-4"] }, there), ofTicket(4)])),
    ).toEqual([[0, "T-3 depends on T-4, and there is no such ticket"]]);
  });

  it("changes a ticket that has not begun, and refuses a circle that comes of it", async () => {
    await using harness = make();
    await using store = await harness.open();
    await enqueueAll(store, [ofTicket(1), ofTicket(2, { dependencies: ["T-1"] })]);
    const circle = ofTicket(3, { id: "T-1", digest: "2", dependencies: ["T-2"] });
    expect(what(await enqueueAll(store, [circle], update))).toEqual([
      [0, expect.stringMatching(/^dependencies in a circle: T-[12] → T-[12] → T-[12]$/)],
    ]);
    const other = ofTicket(3, { id: "T-1", digest: "2" }, { title: "another", priority: 1 });
    expect(what(await enqueueAll(store, [other], update))).toEqual(["changed"]);
    const row = await store.readTask(taskId(1));
    expect(row?.state.task).toEqual({
      ...ofTicket(1).task,
      title: "another",
      prompt: other.task.prompt,
      priority: 1,
      ticket: other.task.ticket,
    });
    const events = await store.newestEvents(taskId(1), 9);
    const [, changed] = events.map(({ event }) => event);
    expect(changed).toMatchObject({ type: "ticket_changed", by: "ada" });
    expect((await claimed(store)).lease.taskId).toBe(taskId(1));
  });

  it("tells of a change all that there is to tell: the events fold to the task as it is", async () => {
    await using harness = make();
    await using store = await harness.open();
    await enqueueAll(store, [ofTicket(1, {}, { priority: 1 })]);
    await enqueueAll(store, [ofTicket(2, { id: "T-1", digest: "2" })], update);
    const events = (await store.newestEvents(taskId(1), 9)).map(({ event }) => event);
    const [created, changed] = events;
    if (created?.type !== "task_created" || changed === undefined) throw new Error("not changed");
    const row = await store.readTask(taskId(1));
    expect(row?.state.task.priority).toBeUndefined();
    expect(evolve(begin(created), changed)).toEqual(row?.state);
  });

  it("leaves a ticket that has begun as it is, and begins one anew that was aborted", async () => {
    await using harness = make();
    await using store = await harness.open();
    await enqueueAll(store, [ofTicket(1)]);
    const claim = await appended(store, await claimed(store), ...inTurn.slice(0, 2));
    const other = () => ofTicket(2, { id: "T-1", digest: "2" });
    expect(what(await enqueueAll(store, [other()], update))).toEqual([
      [0, expect.stringContaining("T-1 has begun")],
    ]);
    const aborted = { type: "aborted", at: now, by: "ada" } as const;
    expect(evolve(claim.state, aborted).phase.name).toBe("aborted");
    await appended(store, claim, aborted);
    expect(what(await enqueueAll(store, [other()], update))).toEqual(["created"]);
    expect((await store.readTask(taskId(1)))?.state.phase.name).toBe("aborted");
    expect(what(await enqueueAll(store, [ofTicket(3, { id: "T-1", digest: "2" })]))).toEqual([
      "unchanged",
    ]);
  });
}
