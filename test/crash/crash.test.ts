import { expect, test } from "vitest";
import {
  crashesOf,
  expectToSurvive,
  playUnharmed,
  unreached,
  type Baseline,
} from "../world/crashes.ts";
import { scenarios } from "../world/scenario.ts";

const baselines: Baseline[] = [];
for (const scenario of scenarios) baselines.push(await playUnharmed(scenario));

test("every event that a worker can append is reached by a scenario", () => {
  expect(unreached(baselines)).toEqual([]);
});

test("the worker passes through many points", () => {
  const reached = new Set(baselines.flatMap(({ points }) => points));
  expect(reached.size).toBeGreaterThan(60);
});

test.concurrent.for(crashesOf(baselines, () => true))(
  "a worker killed at $point, time $nth, in “$baseline.scenario.name” costs nothing",
  (crash) => expectToSurvive(crash),
);
