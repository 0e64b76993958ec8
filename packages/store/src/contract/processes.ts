import { expect, it } from "vitest";
import { addTasks, created, taskId } from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

/** Several real processes on one store. */
export function processesContract(make: () => StoreHarness): void {
  it("never gives one task to two of four processes", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 60);
    const children = ["a", "b", "c", "d"].map((id) => harness.child("claimAll", id));
    const had = (await Promise.all(children.map((child) => child.result()))) as string[][];
    expect(had.flat().toSorted()).toEqual(Array.from({ length: 60 }, (_, n) => taskId(n + 1)));
    for (const { seq } of (await store.listTasks({ limit: 100 })).tasks) expect(seq).toBe(1);
  });

  it("loses none of 800 transactions that read and then write from four processes", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const children = [1, 2, 3, 4].map(() => harness.child("request", taskId(1), "200"));
    await Promise.all(children.map((child) => child.result()));
    expect((await store.readTask(taskId(1)))?.seq).toBe(801);
    expect(await store.lastEventId()).toBe(801);
  });

  it("shows every event once and in order to a reader who follows while others write", async () => {
    await using harness = make();
    await using store = await harness.open();
    for (let n = 1; n <= 3; n += 1) await store.createTask(created(n));
    const reader = harness.child("tail", "303");
    expect(await reader.said()).toBe("tailing");
    await Promise.all([1, 2, 3].map((n) => harness.child("request", taskId(n), "100").result()));
    expect(await reader.result()).toEqual(Array.from({ length: 303 }, (_, n) => n + 1));
  });

  it("lets several processes make the same store at once", async () => {
    await using harness = make();
    const children = Array.from({ length: 6 }, () => harness.child("open"));
    for (const child of children) expect(await child.result()).toBe("opened");
    await using store = await harness.open();
    expect(await store.countByStatus()).toEqual({});
  });
}
