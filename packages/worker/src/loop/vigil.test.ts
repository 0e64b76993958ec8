import { expect, test } from "vitest";
import { keepVigil } from "./vigil.ts";

const hour = 3_600_000;

test.each([
  ["a second goes by", { clock: 1_000, awake: 1_000 }, { wasAway: false, isSetBack: false }],
  ["the clock is put right", { clock: 400, awake: 1_000 }, { wasAway: false, isSetBack: false }],
  ["the machine sleeps", { clock: 8 * hour, awake: 1_000 }, { wasAway: true, isSetBack: false }],
  ["the process is stopped", { clock: hour, awake: hour }, { wasAway: true, isSetBack: false }],
  ["the clock is set back", { clock: -hour, awake: 1_000 }, { wasAway: false, isSetBack: true }],
])("a vigil in which %s", (_, passed, told) => {
  const at = { now: 10 * hour, awake: 5_000 };
  const vigil = keepVigil({ now: () => at.now, awake: () => at.awake });
  const begun = at.now;
  at.now += passed.clock;
  at.awake += passed.awake;
  expect(vigil.look()).toEqual(told);
  expect(vigil.since).toBe(told.wasAway || told.isSetBack ? at.now : begun);
  at.now += 1_000;
  at.awake += 1_000;
  expect(vigil.look()).toEqual({ wasAway: false, isSetBack: false });
});
