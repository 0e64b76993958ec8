import { describe, expect, test } from "vitest";
import { held, standing, waiting } from "./schedule-fixture.ts";
import { schedule, type Held, type Limits, type Progress } from "./schedule.ts";

const limits: Limits = { places: 10, perRepo: 10, perAgent: 10, ageMs: 3_600_000 };

describe("who begins", () => {
  test("is decided by priority, then by age", () => {
    const tasks = [
      waiting("new", { queuedAt: 5 }),
      waiting("old"),
      waiting("urgent", { priority: 1, queuedAt: 9 }),
    ];
    const { begin, waits } = schedule(standing(tasks), { ...limits, places: 2 }, 10);
    expect(begin).toEqual(["urgent", "old"]);
    expect(waits.get("new")).toEqual({ for: "place", ahead: 0 });
  });

  test("what has waited for long comes before what is urgent and new", () => {
    const tasks = [
      waiting("urgent", { priority: 1, queuedAt: 9 * limits.ageMs }),
      waiting("old", { priority: 9 }),
    ];
    expect(schedule(standing(tasks), { ...limits, places: 1 }, 9 * limits.ageMs).begin).toEqual([
      "old",
    ]);
  });

  test("locks are held by one, or by many who share them", () => {
    const tasks = [
      waiting("a", { locks: ["read:db"] }),
      waiting("b", { locks: ["read:db"] }),
      waiting("c", { locks: ["db"] }),
      waiting("d", { locks: ["read:db"] }),
    ];
    const { begin, waits } = schedule(standing(tasks), limits, 0);
    expect(begin).toEqual(["a", "b"]);
    expect(waits.get("c")).toEqual({
      for: "lock",
      name: "db",
      holder: "a",
      is: "beginning",
      since: null,
      ahead: 0,
    });
    // Else readers could keep the writer away for ever.
    expect(waits.get("d")).toMatchObject({ for: "lock", holder: "c", is: "waiting", ahead: 0 });
  });

  test("who waits for one lock takes no other, but comes first for it", () => {
    const tasks = [waiting("both", { locks: ["x", "y"] }), waiting("later", { locks: ["y"] })];
    const { begin, waits } = schedule(standing(tasks, { held: [held("x", "running")] }), limits, 0);
    expect(begin).toEqual([]);
    expect(waits.get("both")).toEqual({
      for: "lock",
      name: "x",
      holder: "running",
      is: "holding",
      since: 7,
      ahead: 0,
    });
    expect(waits.get("later")).toMatchObject({
      for: "lock",
      name: "y",
      holder: "both",
      is: "waiting",
    });
  });

  test("a lock that rests with a person keeps nobody from others", () => {
    const tasks = [waiting("both", { locks: ["x", "y"] }), waiting("later", { locks: ["y"] })];
    const there = standing(tasks, { held: [held("x", "resting", { active: false })] });
    expect(schedule(there, limits, 0).begin).toEqual(["later"]);
  });

  test.each<[string, Progress | undefined, object | undefined]>([
    ["done", { is: "done" }, undefined],
    ["open", { is: "open" }, { for: "dependency", task: "first" }],
    [
      "failed",
      { is: "failed", reason: "was aborted" },
      { for: "failed_dependency", task: "first", reason: "was aborted" },
    ],
    [
      "unknown",
      undefined,
      {
        for: "failed_dependency",
        task: "first",
        reason: "is not known",
        tryThis: "enqueue it, or abort this one",
      },
    ],
  ])("a dependency that is %s", (_, progress, wait) => {
    const map = new Map(progress === undefined ? [] : [["first", progress]]);
    const { waits } = schedule(
      standing([waiting("a", { after: ["first"] })], { progress: map }),
      limits,
      0,
    );
    expect(waits.get("a")).toEqual(wait);
  });

  test("limits of repositories and agents, and pauses, keep nobody else", () => {
    const tasks = [
      waiting("full", { repo: "full" }),
      waiting("busy", { agent: "busy" }),
      waiting("paused", { repo: "paused" }),
      waiting("free"),
    ];
    const there = standing(tasks, {
      running: { byRepo: new Map([["full", 1]]), byAgent: new Map([["busy", 2]]) },
      paused: { all: false, repos: new Set(["paused"]) },
    });
    const { begin, waits } = schedule(there, { ...limits, perRepo: 1, perAgent: 2 }, 0);
    expect(begin).toEqual(["free"]);
    expect(waits.get("full")).toEqual({ for: "repo_limit", repo: "full", running: 1, ahead: 0 });
    expect(waits.get("busy")).toEqual({ for: "agent_limit", agent: "busy", running: 2, ahead: 0 });
    expect(waits.get("paused")).toEqual({ for: "pause", repo: "paused" });
  });

  test("locks of one name in two repositories have nothing to do with each other", () => {
    const tasks = [
      waiting("here", { locks: ["db"] }),
      waiting("there", { locks: ["db"], repo: "blog" }),
    ];
    const { begin, waits } = schedule(standing(tasks, { held: [held("db", "h")] }), limits, 0);
    expect(begin).toEqual(["there"]);
    expect(waits.get("here")).toMatchObject({ holder: "h" });
  });

  test("one's own locks are in nobody's way", () => {
    const tasks = [waiting("again", { locks: ["x", "y"] })];
    expect(schedule(standing(tasks, { held: [held("x", "again")] }), limits, 0).begin).toEqual([
      "again",
    ]);
  });

  test("of several readers, one who rests lets others read, and is named to those who want to write", () => {
    const tasks = [waiting("writer", { locks: ["x"] }), waiting("reader", { locks: ["read:x"] })];
    const readers = [
      held("x", "busy", { shared: true }),
      held("x", "resting", { shared: true, active: false }),
    ];
    const { begin, waits } = schedule(standing(tasks, { held: readers }), limits, 0);
    expect(begin).toEqual(["reader"]);
    expect(waits.get("writer")).toMatchObject({ holder: "resting", is: "resting", since: 7 });
  });

  test("without places nobody begins, and each is told his reason", () => {
    const tasks = [
      waiting("first", { locks: ["x"] }),
      waiting("second", { locks: ["x"], queuedAt: 1 }),
      waiting("third", { queuedAt: 2 }),
      waiting("fourth", { queuedAt: 3, repo: "full" }),
      waiting("fifth", { queuedAt: 4, after: ["open"] }),
      waiting("sixth", { queuedAt: 5, repo: "paused" }),
    ];
    const there = standing(tasks, {
      progress: new Map([["open", { is: "open" }]]),
      running: { byRepo: new Map([["full", 1]]), byAgent: new Map() },
      paused: { all: false, repos: new Set(["paused"]) },
    });
    const { begin, waits } = schedule(there, { ...limits, places: 0, perRepo: 1 }, 0);
    expect(begin).toEqual([]);
    expect([...waits]).toEqual([
      ["first", { for: "place", ahead: 0 }],
      ["second", { for: "lock", name: "x", holder: "first", is: "waiting", since: null, ahead: 0 }],
      ["third", { for: "place", ahead: 1 }],
      ["fourth", { for: "repo_limit", repo: "full", running: 1, ahead: 0 }],
      ["fifth", { for: "dependency", task: "open" }],
      ["sixth", { for: "pause", repo: "paused" }],
    ]);
  });

  test("who has waited for long gets the slots of his repository and his agent, though they never are free at once", () => {
    const tasks = [
      waiting("both", { repo: "r", agent: "x" }),
      waiting("same-repo", { repo: "r", agent: "y", queuedAt: 1 }),
      waiting("elsewhere", { repo: "s", agent: "z", queuedAt: 2 }),
    ];
    const there = standing(tasks, {
      running: { byRepo: new Map([["t", 1]]), byAgent: new Map([["x", 1]]) },
    });
    const one = { ...limits, perRepo: 1, perAgent: 1 };
    expect(schedule(there, one, 3).begin).toEqual(["same-repo", "elsewhere"]);
    const { begin, waits } = schedule(there, one, limits.ageMs);
    expect(begin).toEqual(["elsewhere"]);
    expect(waits.get("same-repo")).toEqual({ for: "repo_limit", repo: "r", running: 0, ahead: 0 });
  });

  test("a clock that was set back makes nobody wait for less", () => {
    const tasks = [waiting("b", { queuedAt: 20 }), waiting("a", { queuedAt: 10 })];
    const ages = { ...limits, places: 1, ageMs: 1 };
    expect(schedule(standing(tasks), ages, 0).begin).toEqual(["a"]);
  });
});

describe("how many come before", () => {
  const holder = [held("x", "h")];
  const none = { ...limits, places: 0 };

  test.each<[string, string[], Held[], Record<string, number>]>([
    ["writers, behind a holder", ["x", "x", "x"], holder, { t0: 0, t1: 1, t2: 2 }],
    [
      "readers do not wait for each other",
      ["read:x", "read:x", "x", "read:x"],
      holder,
      { t0: 0, t1: 0, t2: 2, t3: 1 },
    ],
    [
      "who comes first is named, and is no other",
      ["x", "x", "read:x"],
      [],
      { t0: 0, t1: 0, t2: 1 },
    ],
    ["of readers who come first one is named", ["read:x", "read:x", "x"], [], { t2: 1 }],
    [
      "who waits for another lock first",
      ["y x", "x", "x"],
      [held("y", "h")],
      { t0: 0, t1: 0, t2: 1 },
    ],
    [
      "who waits for another lock that rests does not count",
      ["y x", "z x", "x", "y"],
      [held("y", "h", { active: false }), held("z", "g")],
      { t0: 0, t1: 0, t2: 0, t3: 1 },
    ],
  ])("%s", (_, locks, holders, expected) => {
    const tasks = locks.map((names, at) =>
      waiting(`t${at}`, { queuedAt: at, locks: names.split(" ") }),
    );
    const { waits } = schedule(standing(tasks, { held: holders }), none, 0);
    for (const [id, ahead] of Object.entries(expected))
      expect([id, waits.get(id)]).toEqual([id, expect.objectContaining({ ahead })]);
  });

  test("who may not begin for other reasons comes before nobody", () => {
    const tasks = [
      waiting("a", { locks: ["x"], after: ["open"] }),
      waiting("b", { locks: ["x"], queuedAt: 1 }),
      waiting("c", { queuedAt: 2 }),
    ];
    const there = standing(tasks, {
      held: holder,
      progress: new Map([["open", { is: "open" }]]),
    });
    const { waits } = schedule(there, none, 0);
    expect(waits.get("b")).toMatchObject({ holder: "h", ahead: 0 });
    expect(waits.get("c")).toEqual({ for: "place", ahead: 0 });
  });
});
