import { expect, test } from "vitest";
import { whyRelease } from "./lock-rules.ts";

const hour = 3_600_000;
const rules = { holdUntil: "merged", maxRestMs: 24 * hour } as const;
const green = { status: "success", updatedAt: 0, attached: false } as const;

test("locks are held until the merge, or only until CI is green, by the rules", () => {
  expect(whyRelease(green, rules, hour)).toBeNull();
  expect(whyRelease(green, { ...rules, holdUntil: "green" }, hour)).toBe("it is green");
});

test("a task that rests for long loses its locks, one that works or is worked on by a person does not", () => {
  const later = 25 * hour;
  expect(whyRelease({ ...green, status: "needs_review" }, rules, later)).toBe(
    "it has rested for 25 h",
  );
  expect(whyRelease({ ...green, status: "running" }, rules, later)).toBeNull();
  expect(whyRelease({ ...green, attached: true }, rules, later)).toBeNull();
});

test("a clock that was set back takes no lock away", () => {
  expect(whyRelease({ ...green, updatedAt: 48 * hour }, rules, hour)).toBeNull();
});
