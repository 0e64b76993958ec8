import { expect, test } from "vitest";
import { closestTo } from "./closest-to.ts";

test.each([
  ["slot", ["slots", "port"], "slots"],
  ["MAX_ATTEMPTS", ["max_minutes", "max_attempts"], "max_attempts"],
  ["maxattempts", ["max_minutes", "max_attempts"], "max_attempts"],
  ["agnet", ["agent", "agents"], "agent"],
  ["colour", ["slots", "port"], undefined],
  ["", ["slots"], undefined],
  ["x", [], undefined],
])("whoever types %j among %j means %j", (typed, known, meant) => {
  expect(closestTo(typed, known)).toBe(meant);
});
