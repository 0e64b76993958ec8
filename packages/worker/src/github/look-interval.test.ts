import { describe, expect, test } from "vitest";
import type { ListedRun } from "./answers/index.ts";
import { lookInterval, type Outlook } from "./look-interval.ts";

const minute = 60_000;
const tickMs = 10_000;
// On the grid of ticks.
const start = 1_000 * tickMs;

function run(more: Partial<ListedRun> = {}): ListedRun {
  return {
    id: 1,
    workflowId: 7,
    name: "CI",
    path: ".github/workflows/ci.yml",
    event: "push",
    attempt: 1,
    headSha: "a".repeat(40),
    branch: "amp/answer",
    status: "in_progress",
    conclusion: null,
    suiteId: 100,
    url: "",
    createdAt: start,
    startedAt: start,
    updatedAt: start,
    ...more,
  };
}

const took = (ms: number, more: Partial<ListedRun> = {}) =>
  run({ status: "completed", conclusion: "success", updatedAt: start + ms, ...more });

/** Seconds until the next look of a run that has run for so long. */
function after(ms: number, outlook: Partial<Outlook> = {}): number {
  const now = start + ms;
  const usual = { going: [run()], listed: [], since: start, failFast: false, hasHooks: false };
  const whole = { ...usual, now, ...outlook };
  return lookInterval(whole, { now, tickMs, slowTicks: 3 }) / 1_000;
}

describe("a run whose workflow usually takes ten minutes", () => {
  const listed = [took(10 * minute), took(9 * minute), took(12 * minute)];

  test.each([
    [1, 30],
    [7, 30],
    [8, 10],
    [10, 10],
    [12, 10],
    [13, 30],
  ])("after %d minutes is looked at again in %d s", (minutes, seconds) => {
    expect(after(minutes * minute, { listed })).toBe(seconds);
  });

  test("is not judged by another workflow's time, nor by failures where it has succeeded", () => {
    const others = [took(minute, { workflowId: 8 }), took(minute, { conclusion: "failure" })];
    expect(after(minute, { listed: [...listed, ...others] })).toBe(30);
    expect(after(10 * minute, { listed: [...listed, ...others] })).toBe(10);
  });

  test("is judged by its failures as long as it has never succeeded", () => {
    const red = listed.map((one) => ({ ...one, conclusion: "failure" }));
    expect(after(10 * minute, { listed: red })).toBe(10);
    expect(after(2 * minute, { listed: red })).toBe(30);
  });
});

test("the last run to end decides, unless the first red does", () => {
  const going = [run(), run({ id: 2, workflowId: 8 })];
  const listed = [took(minute), took(20 * minute, { workflowId: 8 })];
  expect(after(minute, { going, listed })).toBe(30);
  expect(after(minute, { going, listed, failFast: true })).toBe(10);
  expect(after(19 * minute, { going, listed })).toBe(10);
});

test("what nobody knows the time of is looked at often at first", () => {
  expect(after(90_000)).toBe(10);
  expect(after(100_000)).toBe(30);
  expect(after(90_000, { going: [] })).toBe(10);
  expect(after(100_000, { going: [] })).toBe(30);
});

test("looks fall on common ticks, whenever a task began to wait", () => {
  expect(after(1_000)).toBe(9);
  expect(after(4_900)).toBe(5.1);
  // Not twice within a moment.
  expect(after(9_000)).toBe(11);
});

test("whoever is told of the end looks every five minutes, lest it was not told", () => {
  const listed = [took(10 * minute)];
  expect(after(minute, { listed, hasHooks: true })).toBe(300);
  expect(after(10 * minute, { listed, hasHooks: true })).toBe(300);
  // Of what has not begun, or of a job that fails, nobody tells.
  expect(after(minute, { going: [], hasHooks: true })).toBe(10);
  expect(after(10 * minute, { listed, hasHooks: true, failFast: true })).toBe(10);
});
