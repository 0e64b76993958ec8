import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lockWish } from "./locks.ts";
import {
  schedule,
  type Held,
  type Limits,
  type Progress,
  type Standing,
  type Waiting,
} from "./schedule.ts";

const limits: Limits = { places: 10, perRepo: 10, perAgent: 10, ageMs: 3_600_000 };

function waiting(
  id: string,
  more: Partial<Omit<Waiting, "locks">> & { locks?: string[] } = {},
): Waiting {
  const { locks = [], ...rest } = more;
  return {
    id,
    priority: 5,
    queuedAt: 0,
    repo: "shop",
    agent: "amp",
    after: [],
    ...rest,
    locks: locks.map(lockWish),
  };
}

function standing(tasks: Waiting[], more: Partial<Standing> = {}): Standing {
  return {
    waiting: tasks,
    held: [],
    progress: new Map(),
    running: { byRepo: new Map(), byAgent: new Map() },
    paused: { all: false, repos: new Set() },
    ...more,
  };
}

function held(name: string, task: string, active = true): Held {
  return { name, task, shared: false, since: 7, active };
}

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
    expect(waits.get("c")).toEqual({ for: "lock", name: "db", holder: "a", since: null, ahead: 0 });
    // Else readers could keep the writer away for ever.
    expect(waits.get("d")).toMatchObject({ for: "lock", holder: "c", ahead: 1 });
  });

  test("who waits for one lock takes no other, but comes first for it", () => {
    const tasks = [waiting("both", { locks: ["x", "y"] }), waiting("later", { locks: ["y"] })];
    const { begin, waits } = schedule(standing(tasks, { held: [held("x", "running")] }), limits, 0);
    expect(begin).toEqual([]);
    expect(waits.get("both")).toEqual({
      for: "lock",
      name: "x",
      holder: "running",
      since: 7,
      ahead: 0,
    });
    expect(waits.get("later")).toMatchObject({ for: "lock", name: "y", holder: "both" });
  });

  test("a lock that rests with a person keeps nobody from others", () => {
    const tasks = [waiting("both", { locks: ["x", "y"] }), waiting("later", { locks: ["y"] })];
    const there = standing(tasks, { held: [held("x", "resting", false)] });
    expect(schedule(there, limits, 0).begin).toEqual(["later"]);
  });

  test.each<[string, Progress | undefined, object | undefined]>([
    ["done", { is: "done" }, undefined],
    ["open", { is: "open" }, { for: "dependency", task: "first" }],
    [
      "failed",
      { is: "failed", reason: "aborted" },
      { for: "failed_dependency", task: "first", reason: "aborted" },
    ],
    ["unknown", undefined, { for: "failed_dependency", task: "first", reason: "it is not known" }],
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
    expect(waits.get("full")).toEqual({ for: "repo_limit", running: 1 });
    expect(waits.get("busy")).toEqual({ for: "agent_limit", running: 2 });
    expect(waits.get("paused")).toEqual({ for: "pause", repo: "paused" });
  });
});

const lockNames = fc.constantFrom("a", "b", "c", "read:a", "read:b", "read:c");
const backlog = fc
  .array(
    fc.record({
      priority: fc.integer({ min: 1, max: 9 }),
      queuedAt: fc.integer({ min: 0, max: 1_000 }),
      repo: fc.constantFrom("r", "s"),
      agent: fc.constantFrom("x", "y"),
      locks: fc.uniqueArray(lockNames, { maxLength: 3, selector: (lock) => lockWish(lock).name }),
      after: fc.array(fc.nat(40), { maxLength: 2 }),
      runs: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((rows) =>
    rows.map(({ after, runs, ...row }, at) => ({
      task: waiting(`t${at}`, {
        ...row,
        // Only what came before: circles are refused when they are enqueued.
        after: after.filter((other) => other < at).map((other) => `t${other}`),
      }),
      runs,
    })),
  );
const bounds = fc.record({
  places: fc.integer({ min: 1, max: 4 }),
  perRepo: fc.integer({ min: 1, max: 3 }),
  perAgent: fc.integer({ min: 1, max: 3 }),
  ageMs: fc.constantFrom(1, 10, 100),
});

describe("any backlog", () => {
  test("comes to its end: nobody is left, no lock has two holders, dependencies come first", () => {
    fc.assert(
      fc.property(backlog, bounds, (rows, { places, ...rest }) => {
        const left = new Map(rows.map(({ task }) => [task.id, task]));
        const running = new Map<string, { task: Waiting; until: number; since: number }>();
        const done = new Set<string>();
        for (let now = 1_000; left.size + running.size > 0; now++) {
          // Everybody has begun after at most one round for each, or somebody waits for ever.
          expect(now).toBeLessThan(1_000 + rows.length * 6 + 10);
          for (const [id, { until }] of running)
            if (until <= now) {
              running.delete(id);
              done.add(id);
            }
          const all = [...running.values()];
          const tally = (of: (task: Waiting) => string) =>
            all.reduce(
              (map, { task }) => map.set(of(task), (map.get(of(task)) ?? 0) + 1),
              new Map<string, number>(),
            );
          const there: Standing = {
            waiting: [...left.values()],
            held: all.flatMap(({ task, since }) =>
              task.locks.map(({ name, shared }) => ({
                name,
                shared,
                task: task.id,
                since,
                active: true,
              })),
            ),
            progress: new Map(
              rows.map(({ task }) => [task.id, { is: done.has(task.id) ? "done" : "open" }]),
            ),
            running: { byRepo: tally(({ repo }) => repo), byAgent: tally(({ agent }) => agent) },
            paused: { all: false, repos: new Set() },
          };
          const free = { ...rest, places: places - running.size };
          const { begin, waits } = schedule(there, free, now);
          expect(begin.length + waits.size).toBe(left.size);
          for (const id of begin) {
            const task = left.get(id)!;
            for (const other of task.after) expect(done).toContain(other);
            left.delete(id);
            const { runs } = rows.find((row) => row.task.id === id)!;
            running.set(id, { task, until: now + runs, since: now });
          }
          for (const { task } of running.values())
            for (const lock of task.locks)
              for (const { task: other } of running.values())
                if (other.id !== task.id)
                  for (const theirs of other.locks)
                    if (theirs.name === lock.name) expect(lock.shared && theirs.shared).toBe(true);
          expect(running.size).toBeLessThanOrEqual(places);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("is decided the same whatever the order in which it is read", () => {
    fc.assert(
      fc.property(backlog, bounds, fc.integer({ min: 0, max: 5_000 }), (rows, bound, now) => {
        const tasks = rows.map(({ task }) => task);
        const progress = new Map(tasks.map(({ id }) => [id, { is: "done" } as const]));
        const one = schedule(standing(tasks, { progress }), bound, now);
        const other = schedule(standing(tasks.toReversed(), { progress }), bound, now);
        expect(other.begin).toEqual(one.begin);
        expect([...other.waits]).toEqual([...one.waits]);
      }),
    );
  });
});
