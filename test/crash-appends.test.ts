import { expect, test } from "vitest";
import { crashesOf, expectToSurvive, playUnharmed } from "./world/crashes.ts";
import { scenarios } from "./world/scenario.ts";

const main = scenarios.filter(({ name }) => name === "red, green, merged");
const baselines = await Promise.all(main.map(playUnharmed));
const crashes = crashesOf(baselines, (point) => point.startsWith("append "));

test("the task goes through all of its life", () => {
  expect(crashes.length).toBeGreaterThan(30);
});

test.concurrent.for(crashes)("a worker killed at $point, time $nth, costs nothing", (crash) =>
  expectToSurvive(crash),
);
