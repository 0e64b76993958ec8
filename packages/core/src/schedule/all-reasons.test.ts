import { describe, expect, it } from "vitest";
import { allReasons } from "./all-reasons.ts";
import { held, standing, waiting } from "./schedule-fixture.ts";

const limits = { places: 1, perRepo: 2, perAgent: 2, ageMs: 1_000_000 };

describe("all reasons of a task that waits", () => {
  it("are told one after the other, as each shows once those before it are gone", () => {
    const found = standing(
      [
        waiting("early"),
        waiting("late", { priority: 9, locks: ["free", "a", "read:b"], after: ["x", "y", "z"] }),
      ],
      {
        held: [held("a", "h1"), held("b", "h2", { active: false })],
        progress: new Map([
          ["x", { is: "done" }],
          ["y", { is: "open" }],
          ["z", { is: "failed", reason: "was aborted" }],
        ]),
        running: { byRepo: new Map([["shop", 2]]), byAgent: new Map([["amp", 2]]) },
        paused: { all: true, repos: new Set(["shop", "other"]) },
      },
    );
    expect(allReasons("late", found, limits, 9)).toEqual([
      { for: "pause", repo: null },
      { for: "pause", repo: "shop" },
      { for: "dependency", task: "y" },
      { for: "failed_dependency", task: "z", reason: "was aborted" },
      { for: "lock", name: "a", holder: "h1", is: "holding", since: 7, ahead: 0 },
      { for: "lock", name: "b", holder: "h2", is: "resting", since: 7, ahead: 0 },
      { for: "repo_limit", repo: "shop", running: 2, ahead: 1 },
      { for: "agent_limit", agent: "amp", running: 2, ahead: 0 },
    ]);
  });

  it("end with the place that another takes first", () => {
    const found = standing([waiting("early"), waiting("late", { locks: ["a"] })], {
      held: [held("a", "h1")],
    });
    expect(allReasons("late", found, limits, 9).map((reason) => reason.for)).toEqual([
      "lock",
      "place",
    ]);
  });

  it("are none of a task that begins, and of one that does not wait", () => {
    const found = standing([waiting("early")]);
    expect(allReasons("early", found, limits, 9)).toEqual([]);
    expect(allReasons("stranger", found, limits, 9)).toEqual([]);
  });
});
