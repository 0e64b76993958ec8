import { describe, expect, test } from "vitest";
import { trajectoryOf, newestTrajectory, whyStuck } from "./progress.ts";
import type { Attempt, TaskState } from "./task-state.ts";
import { nothingUsed } from "./used.ts";

function attempts(...facts: Partial<Attempt>[]): Attempt[] {
  return facts.map((changes, index) => ({
    number: index + 1,
    outcome: "completed",
    said: "",
    agentMs: 1,
    usage: nothingUsed,
    agent: "amp",
    commit: "a".repeat(40),
    files: 1,
    tree: index.toString(16).padStart(40, "0"),
    gate: [],
    preflight: null,
    verdict: "failed",
    lane: "code",
    failures: [],
    failure: null,
    ...changes,
  }));
}
const red = (...prints: string[]): Partial<Attempt> => ({
  failures: prints.map((fingerprint) => ({ fingerprint, title: fingerprint })),
});
const checks = (...prints: string[]): Partial<Attempt> => ({
  ...red(...prints),
  verdict: null,
  preflight: "failed",
});
const green: Partial<Attempt> = { verdict: "passed", failures: [] };

describe("the trajectory", () => {
  test.for<[name: string, tried: Partial<Attempt>[], words: string]>([
    ["of a first red is not told", [red("a")], ""],
    [
      "counts what is fixed and what is new",
      [red("a", "b", "c"), red("c", "d")],
      "2 of 3 fixed, 1 new",
    ],
    ["leaves out what is not there", [red("a", "b"), red("b")], "1 of 2 fixed"],
    ["tells of no fix", [red("a"), red("a", "b")], "0 of 1 fixed, 1 new"],
    ["says when nothing has changed", [red("a", "b"), red("b", "a")], "the same 2 failures"],
    ["says it of one failure", [red("a"), red("a")], "the same failure"],
    ["ends with the green", [red("a", "b"), green], "2 of 2 fixed"],
    [
      "passes over an attempt that changed nothing",
      [red("a"), { verdict: null, lane: null }, red("b")],
      "1 of 1 fixed, 1 new",
    ],
    ["does not compare preflight with CI", [checks("a"), red("b")], ""],
    ["compares preflight with preflight", [checks("a"), red("b"), checks("a")], "the same failure"],
    [
      "does not count a red that was not the code's",
      [{ ...red("a"), lane: "infrastructure", verdict: null }, red("b")],
      "",
    ],
  ])("%s", ([, tried, words]) => {
    const all = attempts(...tried);
    expect(trajectoryOf(all, all.length)).toBe(words);
  });

  test("of a task is that of the newest attempt that was judged", () => {
    const all = attempts(red("a", "b"), red("a"), { verdict: null, lane: null });
    expect(newestTrajectory(all)).toBe("1 of 2 fixed");
  });
});

describe("an approach is stuck", () => {
  const stuck = (tried: Partial<Attempt>[], after = 0) => {
    const state = { attempts: attempts(...tried), approach: { after, fresh: false } };
    return whyStuck(state as TaskState, 3);
  };

  test.for<[name: string, tried: Partial<Attempt>[], why: string | null]>([
    ["never at its first red", [red("a")], null],
    [
      "when the same failures come twice in a row",
      [red("a"), red("a")],
      "attempts 1 and 2 ended in the same failures",
    ],
    [
      "when failures come and go",
      [red("a"), red("b"), red("a")],
      "attempts 1 and 3 ended in the same failures",
    ],
    [
      "when the same checks fail twice in a row",
      [checks("a"), checks("a")],
      "attempts 1 and 2 ended in the same failures",
    ],
    ["not while it fixes something", [red("a", "b"), red("b")], null],
    ["not by one step back", [red("a"), red("a", "b")], null],
    ["not when failures without a name come twice", [red(), red()], null],
    [
      "when it goes back to an earlier content",
      [
        { ...red("a"), tree: "1".repeat(40) },
        { ...red("b"), tree: "2".repeat(40) },
        { ...red("c"), tree: "1".repeat(40) },
      ],
      "attempt 3 went back to what attempt 1 had",
    ],
    [
      "after three attempts that fix nothing",
      [red("a"), red("a", "b"), red("a", "b", "c"), red("a", "b", "c", "d")],
      "3 attempts in a row fixed no failure",
    ],
    ["not after two of them", [red("a"), red("a", "b"), red("a", "b", "c")], null],
    [
      "not by reds that were not the code's",
      [
        { ...red("a"), lane: "infrastructure", verdict: null },
        { ...red("a"), lane: "infrastructure", verdict: null },
      ],
      null,
    ],
  ])("%s", ([, tried, why]) => {
    expect(stuck(tried)).toBe(why);
  });

  test("and attempts before it was changed do not count", () => {
    expect(stuck([red("a"), red("a")], 1)).toBeNull();
    expect(stuck([red("a"), red("a"), red("a")], 1)).toBe(
      "attempts 2 and 3 ended in the same failures",
    );
  });
});
