import { expect, test } from "vitest";
import { parkingAfter } from "./parking.ts";
import type { TaskEvent } from "./task-event.ts";

const minute = 60_000;

function failed(kind: string, at: number, retryAt = at + 5_000) {
  return { type: "turn_failed" as const, at, ms: 1, kind, message: "no", retryAt };
}

test("a provider that refuses parks its agent, for longer each time", () => {
  const first = parkingAfter(failed("overloaded", 1_000), "amp", null);
  expect(first).toEqual({
    agent: "amp",
    kind: "overloaded",
    message: "no",
    since: 1_000,
    until: 6_000,
    refusals: 1,
  });
  const third = [10_000, 20_000].reduce(
    (before, at) => parkingAfter(failed("overloaded", at), "amp", before) ?? null,
    first ?? null,
  );
  expect(third).toMatchObject({ since: 1_000, until: 20_000 + 20_000, refusals: 3 });
});

test("a time that the provider named stands, whatever it says to another task meanwhile", () => {
  const named = parkingAfter(failed("rate_limit", 0, 90 * minute), "amp", null);
  expect(named).toMatchObject({ until: 90 * minute });
  expect(parkingAfter(failed("rate_limit", minute), "amp", named ?? null)).toMatchObject({
    until: 90 * minute,
    refusals: 2,
  });
});

test("a refused login is tried again every few minutes, since whoever signs in says so to nobody", () => {
  let parked = parkingAfter(failed("auth", 0), "amp", null);
  for (let at = 5 * minute; at < 100 * minute; at += 5 * minute) {
    parked = parkingAfter(failed("auth", at), "amp", parked ?? null);
    expect(parked).toMatchObject({ until: at + 5 * minute, since: 0 });
  }
});

test("another cause begins anew", () => {
  const limited = parkingAfter(failed("rate_limit", 0, 90 * minute), "amp", null);
  expect(parkingAfter(failed("auth", minute), "amp", limited ?? null)).toMatchObject({
    kind: "auth",
    since: minute,
    refusals: 1,
    until: 6 * minute,
  });
});

test("a person can say to try now", () => {
  const parked = parkingAfter(failed("auth", 0), "amp", null) ?? null;
  const budget = { maxAttempts: 1, maxAgentMs: 1, deadline: null };
  const continued: TaskEvent = { type: "continued", at: 1, budget, words: [], allow: [] };
  expect(parkingAfter(continued, "amp", parked)).toBeNull();
});

test("a turn that ends frees it, and what is the agent's own trouble says nothing of the provider", () => {
  const parked = parkingAfter(failed("rate_limit", 0), "amp", null) ?? null;
  const ended = { type: "turn_ended", at: 1, ms: 1, outcome: "completed", said: "" } as const;
  expect(parkingAfter(ended, "amp", parked)).toBeNull();
  expect(parkingAfter(failed("protocol", 1), "amp", parked)).toBeUndefined();
  expect(
    parkingAfter({ type: "turn_interrupted", at: 1, ms: 1, cause: "abort" }, "amp", parked),
  ).toBeUndefined();
});
