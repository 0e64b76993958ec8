import { nothingUsed } from "@ampx/core";
import { expect, test } from "vitest";
import type { TokenUsage } from "../ports.ts";
import { endsDay, turnMeter, type MeterOptions } from "./turn-meter.ts";

function usage(facts: Partial<TokenUsage> = {}): TokenUsage {
  return {
    type: "usage",
    inputTokens: 10,
    outputTokens: 5,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    usd: 0.5,
    source: "reported",
    ...facts,
  };
}

/** A meter whose records can be held up, with what it has said. */
function metered(options: Partial<MeterOptions> = {}) {
  const recorded: Parameters<MeterOptions["record"]>[0][] = [];
  const caps: string[] = [];
  let gate = Promise.resolve();
  const meter = turnMeter({
    agent: "codex",
    price: null,
    left: { usd: null, tokens: null },
    leftToday: async () => ({ usd: null, tokens: null }),
    onCap: (cap) => caps.push(cap),
    ...options,
    async record(event) {
      await gate;
      await options.record?.(event);
      recorded.push(event);
    },
  });
  return { meter, recorded, caps, hold: (until: Promise<void>) => void (gate = until) };
}

const sums = (events: Parameters<MeterOptions["record"]>[0][]) =>
  events.map(({ tokens, usd }) => [tokens?.inputTokens, usd]);

test("what is told is recorded as it comes, and what comes meanwhile in one piece", async () => {
  const { meter, recorded, hold } = metered();
  const open = Promise.withResolvers<void>();
  hold(open.promise);
  meter.take(usage());
  await Promise.resolve();
  for (let n = 1; n < 50; n++) meter.take(usage());
  open.resolve();
  await meter.settle();
  expect(sums(recorded)).toEqual([
    [10, 0.5],
    [490, 24.5],
  ]);
  expect(meter.used()).toMatchObject({ inputTokens: 500, usd: 25, usdKnown: true });
});

test("a cost that is not told is not mixed with one that is", async () => {
  const { meter, recorded, hold } = metered();
  const open = Promise.withResolvers<void>();
  hold(open.promise);
  for (const usd of [1, 2, null, null, 3]) meter.take(usage({ usd }));
  open.resolve();
  await meter.settle();
  expect(sums(recorded)).toEqual([
    [20, 3],
    [20, null],
    [10, 3],
  ]);
});

test("tokens without a cost are priced by the config, and said to be", async () => {
  const price = { input: 1_000, output: 2_000, cache_read: 0, cache_write: 0 };
  const { meter, recorded } = metered({ price });
  meter.take(usage({ usd: null }));
  await meter.settle();
  expect(recorded).toMatchObject([{ usd: 0.02, source: "priced" }]);
  meter.take(usage({ usd: 7 }));
  await meter.settle();
  expect(recorded[1]).toMatchObject({ usd: 7, source: "reported" });
});

test("a cap is told of with the very report that reaches it, once", async () => {
  const { meter, caps } = metered({ left: { usd: 1.5, tokens: 40 } });
  meter.take(usage());
  meter.take(usage());
  expect(caps).toEqual([]);
  meter.take(usage());
  expect(caps).toEqual(["usd", "tokens"]);
  meter.take(usage());
  expect(caps).toEqual(["usd", "tokens"]);
});

test("what an agent tells for now is held against the cap on tokens, and taken back by what it tells for good", async () => {
  const { meter, caps, recorded } = metered({ left: { usd: null, tokens: 40 } });
  meter.take({ type: "usage_so_far", tokens: 30 });
  meter.take(usage({ inputTokens: 25, outputTokens: 5 }));
  meter.take({ type: "usage_so_far", tokens: 9 });
  expect(caps).toEqual([]);
  meter.take({ type: "usage_so_far", tokens: 10 });
  expect(caps).toEqual(["tokens"]);
  await meter.settle();
  expect(recorded).toHaveLength(1);
});

test("the day's cap counts what all tasks use", async () => {
  let left = 3;
  const { meter, caps } = metered({ leftToday: async () => ({ usd: left, tokens: null }) });
  meter.take(usage());
  await meter.settle();
  expect(caps).toEqual([]);
  left = 0;
  meter.take(usage());
  await meter.settle();
  expect(caps).toEqual(["day"]);
});

test("what others use up is noticed by a turn that tells nothing itself", async () => {
  let left = 1;
  const { meter, caps } = metered({ leftToday: async () => ({ usd: left, tokens: null }) });
  meter.look();
  await new Promise(setImmediate);
  expect(caps).toEqual([]);
  left = -0.5;
  meter.look();
  meter.look();
  await new Promise(setImmediate);
  expect(caps).toEqual(["day"]);
});

test("a record that fails is thrown where it is settled, and not before", async () => {
  const { meter } = metered({
    record: async () => {
      throw new Error("the lease is lost");
    },
  });
  meter.take(usage());
  await expect(meter.settle()).rejects.toThrow("the lease is lost");
});

test("broken tokens become whole ones", async () => {
  const { meter, recorded } = metered();
  meter.take(usage({ inputTokens: 10.4 }));
  await meter.settle();
  expect(recorded[0]?.tokens?.inputTokens).toBe(10);
});

test.each([
  ["a limit of the agent's own", null, null, false],
  ["the task's cap", 1, null, false],
  ["the task's cap, before the day's", 0.9, 1, false],
  ["the day's cap", null, 1, true],
  ["the day's cap, before the task's", 2, 1, true],
  ["neither, although there are caps", 5, 5, false],
])("an agent that ended at %s", (_name, ofTask, ofDay, isDay) => {
  const used = { ...nothingUsed, usd: 1.2 };
  const caps = { left: { usd: ofTask, tokens: null }, day: { usd: ofDay, tokens: null } };
  expect(endsDay(used, caps)).toBe(isDay);
});
