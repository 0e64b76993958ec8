import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { watch, type Bite } from "./watchdog.ts";

test("bites for silence, and says how long it was", async () => {
  const bite = await bitten({ stallMs: 100, wallMs: 10_000 });
  expect(bite).toEqual({ is: "stalled", silentFor: expect.any(Number) });
  expect(bite.is === "stalled" && bite.silentFor).toBeGreaterThanOrEqual(100);
});

test("bites for the time altogether, however lively the process is", async () => {
  expect(await bitten({ stallMs: 10_000, wallMs: 100 })).toEqual({ is: "timed_out" });
});

test("does not take the time that this process was stopped or blocked for silence", async () => {
  let bites = 0;
  using watchdog = watch({ stallMs: 1_000, wallMs: 1_500 }, () => bites++);
  await sleep(100);
  const until = performance.now() + 2_000;
  while (performance.now() < until);
  await sleep(10);
  void watchdog;
  expect(bites).toBe(0);
});

test("does not take the time that its own reader is busy for silence", async () => {
  const bites: Bite[] = [];
  using watchdog = watch({ stallMs: 100, wallMs: 60_000 }, (cause) => bites.push(cause));
  watchdog.busy(true);
  await sleep(400);
  expect(bites).toEqual([]);
  watchdog.busy(false);
  while (bites.length === 0) await sleep(10);
  expect(bites).toMatchObject([{ is: "stalled" }]);
});

function bitten(limits: { stallMs: number; wallMs: number }): Promise<Bite> {
  return new Promise((resolve) => watch(limits, resolve));
}
