import { nothingUsed, type TaskEvent } from "@ampx/core";
import { expect, it } from "vitest";
import { addTasks, appended, claimed, hour, inTurn, start, taskId, turnEnded } from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

const at = start + 3_000;

function used(facts: Partial<Extract<TaskEvent, { type: "usage_recorded" }>> = {}): TaskEvent {
  const tokens = { inputTokens: 10, outputTokens: 1, cacheReadTokens: 100, cacheWriteTokens: 5 };
  return {
    type: "usage_recorded",
    at,
    agent: "scripted",
    tokens,
    usd: 0.1,
    source: "reported",
    ...facts,
  };
}

function failed(kind: string, retryAt: number): TaskEvent {
  return { type: "turn_failed", at, ms: 5, kind, message: "no more today", retryAt };
}

export function usageContract(make: () => StoreHarness): void {
  it("adds up what all tasks have used since a moment, and tells when something was not told", async () => {
    await using harness = make();
    await using store = await harness.open();
    expect(await store.usedSince(start)).toEqual(nothingUsed);
    await addTasks(store, 2);
    await appended(store, await claimed(store), ...inTurn, used({ at: at - hour }), used());
    await appended(store, await claimed(store), ...inTurn, used({ at: at + 1, usd: 0.2 }));
    expect(await store.usedSince(at)).toEqual({
      inputTokens: 20,
      outputTokens: 2,
      cacheReadTokens: 200,
      cacheWriteTokens: 10,
      usd: 0.3,
      tokensKnown: true,
      usdKnown: true,
    });
    expect((await store.usedSince(at - hour)).usd).toBe(0.4);
    expect(await store.usedSince(at + 2)).toEqual(nothingUsed);
  });

  it("never takes what was not told for nothing", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const first = await appended(store, await claimed(store), ...inTurn, used({ usd: null }));
    expect(await store.usedSince(start)).toMatchObject({ tokensKnown: true, usdKnown: false });
    await appended(store, first, used({ tokens: null, usd: null, source: "unknown" }));
    expect(await store.usedSince(start)).toMatchObject({
      inputTokens: 10,
      usd: 0,
      tokensKnown: false,
      usdKnown: false,
    });
  });

  it("tells it in groups, the dearest first, and the days newest first", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const one = await appended(store, await claimed(store), ...inTurn, used(), used());
    await appended(store, one, used({ agent: "amp", usd: 5, at: at + 48 * hour }));
    const groups = async (by: "agent" | "repo" | "creator" | "task" | "day") =>
      (await store.usageStats({ since: start, by })).map(({ key, tasks, used: sum }) => [
        key,
        tasks,
        sum.usd,
      ]);
    expect(await groups("agent")).toEqual([
      ["amp", 1, 5],
      ["scripted", 1, 0.2],
    ]);
    expect(await groups("repo")).toEqual([["/repos/shop.git", 1, 5.2]]);
    expect(await groups("creator")).toEqual([["ada", 1, 5.2]]);
    expect(await groups("task")).toEqual([[taskId(1), 1, 5.2]]);
    const day = (moment: number) => {
      const date = new Date(moment);
      const two = (n: number) => String(n).padStart(2, "0");
      return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    };
    expect(await groups("day")).toEqual([
      [day(at + 48 * hour), 1, 5],
      [day(at), 1, 0.2],
    ]);
  });

  it("knows which agents are refused, until a turn of theirs ends; then whoever waits for one is woken", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 2);
    const until = at + hour;
    const first = await appended(
      store,
      await claimed(store),
      ...inTurn,
      failed("rate_limit", until),
    );
    expect(await store.parkedAgents()).toEqual([
      { agent: "scripted", kind: "rate_limit", message: "no more today", since: at, until },
    ]);
    const wait = { wakeAt: until, reason: "scripted to work again", faults: 0, now: at };
    await store.release(first.lease, first.seq, wait);
    const second = await appended(store, await claimed(store), ...inTurn);
    expect((await store.readTask(taskId(1)))?.wakeAt).toBe(until);
    await appended(store, second, { ...turnEnded, at: at + 5 });
    expect(await store.parkedAgents()).toEqual([]);
    expect((await store.readTask(taskId(1)))?.wakeAt).toBe(at + 5);
  });

  it("keeps an agent parked whose own program breaks down elsewhere", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 2);
    await appended(store, await claimed(store), ...inTurn, failed("overloaded", at + hour));
    await appended(store, await claimed(store), ...inTurn, failed("protocol", at + 5));
    expect(await store.parkedAgents()).toMatchObject([{ kind: "overloaded", until: at + hour }]);
  });
}
