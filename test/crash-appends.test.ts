import { expect, test } from "vitest";
import { crashesOf, expectToSurvive, playUnharmed } from "./world/crashes.ts";
import { scenarios } from "./world/scenario.ts";

const main = scenarios.filter(({ name }) => name === "red, green, merged");
const baselines = await Promise.all(main.map(playUnharmed));
// What was done in the world and not recorded. `npm run test:crash` kills around every append, at its every time, and around every effect.
const done = ["turn_ended", "committed", "pushed", "ci_failed", "change_opened", "merged"];
const points = done.map((type) => `append ${type} before`);
const crashes = crashesOf(baselines, (point) => points.includes(point)).filter(
  ({ nth }) => nth === 1,
);

test("the task does all of it", () => {
  expect(crashes.map(({ point }) => point).toSorted()).toEqual(points.toSorted());
});

test.concurrent.for(crashes)("a worker killed at $point costs nothing", (crash) =>
  expectToSurvive(crash),
);
