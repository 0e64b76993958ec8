import { expect, test } from "vitest";
import { crashesOf, expectToSurvive, playUnharmed } from "./world/crashes.ts";
import { scenarios } from "./world/scenario.ts";

const main = scenarios.filter(({ name }) => name === "red, green, merged");
const baselines = await Promise.all(main.map(playUnharmed));
// What was done and not recorded is the harder half; `npm run test:crash` kills behind each append, too, at its every time, and around every effect.
const crashes = crashesOf(baselines, (point) => /^append \w+ before$/.test(point)).filter(
  ({ nth }) => nth === 1,
);

test("the task goes through all of its life", () => {
  expect(crashes.length).toBeGreaterThan(12);
});

test.concurrent.for(crashes)("a worker killed at $point costs nothing", (crash) =>
  expectToSurvive(crash),
);
