import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wrongsOf } from "./lawful-fixture.ts";
import { lockWish } from "./locks.ts";
import { held, standing, waiting } from "./schedule-fixture.ts";
import { schedule, type Progress, type Waiting } from "./schedule.ts";

const repo = fc.constantFrom("r", "s");
const agent = fc.constantFrom("x", "y");
const wishes = fc.uniqueArray(fc.constantFrom("a", "b", "c", "read:a", "read:b", "read:c"), {
  maxLength: 3,
  selector: (text) => lockWish(text).name,
});
const terms = fc.record({
  priority: fc.integer({ min: 1, max: 9 }),
  repo,
  agent,
  locks: wishes,
});
const limits = fc.record({
  places: fc.integer({ min: 0, max: 6 }),
  perRepo: fc.integer({ min: 1, max: 3 }),
  perAgent: fc.integer({ min: 1, max: 3 }),
  ageMs: fc.constantFrom(1, 3, 10),
});

describe("any decision", () => {
  const progress = fc.constantFrom<Progress | undefined>(
    { is: "done" },
    { is: "done" },
    { is: "done" },
    { is: "open" },
    { is: "failed", reason: "was aborted" },
    undefined,
  );
  const count = fc.integer({ min: 0, max: 3 });
  const there = fc
    .record({
      tasks: fc.array(
        fc.record({ terms, queuedAt: fc.nat(30), after: fc.array(fc.nat(9), { maxLength: 2 }) }),
        { maxLength: 16 },
      ),
      others: fc.array(progress, { minLength: 10, maxLength: 10 }),
      holders: fc.array(fc.record({ repo, locks: wishes, active: fc.boolean() }), { maxLength: 4 }),
      inRepos: fc.tuple(count, count),
      ofAgents: fc.tuple(count, count),
      paused: fc.constantFrom("", "", "", "", "r", "all"),
    })
    .map(({ tasks, others, holders, inRepos, ofAgents, paused }) =>
      standing(
        tasks.map((row, at) =>
          waiting(`t${at}`, {
            ...row.terms,
            queuedAt: row.queuedAt,
            after: row.after.map((other) => `o${other}`),
          }),
        ),
        {
          // Not all of them can hold theirs at once; the decision does not mind.
          held: holders.flatMap(({ locks, ...more }, at) =>
            locks.map((text) => {
              const { name, shared } = lockWish(text);
              return held(name, `h${at}`, { ...more, shared });
            }),
          ),
          progress: new Map(
            others.flatMap((is, at) => (is === undefined ? [] : [[`o${at}`, is] as const])),
          ),
          running: {
            byRepo: new Map([
              ["r", inRepos[0]],
              ["s", inRepos[1]],
            ]),
            byAgent: new Map([
              ["x", ofAgents[0]],
              ["y", ofAgents[1]],
            ]),
          },
          paused: { all: paused === "all", repos: new Set(paused === "all" ? [] : [paused]) },
        },
      ),
    );

  test("gives all locks or none, keeps to order, limits and pauses, and leaves nobody out who could begin", () => {
    fc.assert(
      fc.property(there, limits, fc.nat(60), (now, bounds, at) => {
        expect(wrongsOf(now, bounds, at, schedule(now, bounds, at))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("is the same whatever the order in which the tasks are read", () => {
    fc.assert(
      fc.property(there, limits, fc.nat(60), (now, bounds, at) => {
        const one = schedule(now, bounds, at);
        const turned = { ...now, waiting: now.waiting.toReversed() };
        const other = schedule(turned, bounds, at);
        expect(other.begin).toEqual(one.begin);
        expect([...other.waits]).toEqual([...one.waits]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("any backlog", () => {
  const row = fc.record({
    terms,
    after: fc.array(fc.nat(30), { maxLength: 2 }),
    /** How many rounds it uses a slot, and then only its locks. */
    works: fc.integer({ min: 1, max: 3 }),
    waitsForCi: fc.integer({ min: 0, max: 4 }),
    fails: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;
  const course = fc.record({
    backlog: fc.array(row, { minLength: 1, maxLength: 30 }),
    /** One a round, for as long as somebody of the backlog waits. */
    arrivals: fc.array(row, { maxLength: 8 }),
    bounds: limits,
    clockBack: fc.record({ at: fc.nat(40), by: fc.nat(40) }),
    pauseUntil: fc.nat(20),
  });

  test("comes to its end though others arrive all the time: all begin whose dependencies are met, in any order of their ends", () => {
    fc.assert(
      fc.property(course, ({ backlog, arrivals, bounds, clockBack, pauseUntil }) => {
        const places = bounds.places + 1;
        const rows = new Map<string, Row>();
        const left = new Map<string, Waiting>();
        const running = new Map<string, { task: Waiting; since: number }>();
        const progress = new Map<string, Progress>();
        const ofBacklog = new Set<string>();
        const enqueue = (id: string, given: Row, after: string[], queuedAt: number) => {
          rows.set(id, given);
          left.set(id, waiting(id, { ...given.terms, after, queuedAt }));
          progress.set(id, { is: "open" });
        };
        for (const [at, given] of backlog.entries()) {
          // Only what came before: circles are refused when they are enqueued.
          const after = given.after.filter((other) => other < at).map((other) => `t${other}`);
          enqueue(`t${at}`, given, after, 1_000 + at);
          ofBacklog.add(`t${at}`);
        }
        const hopeless = (task: Waiting): boolean =>
          task.after.some((other) => {
            const blocker = left.get(other);
            return progress.get(other)?.is === "failed" || (blocker && hopeless(blocker));
          });
        const isLeft = () =>
          [...left.values()].some((task) => ofBacklog.has(task.id) && !hopeless(task));

        // All that arrives before the wait has raised even the least urgent above it, one after the other.
        const ahead = backlog.length + pauseUntil + clockBack.by + 10 * bounds.ageMs;
        const enough = pauseUntil + clockBack.by + ahead * 8;
        let round = 0;
        for (; isLeft(); round++) {
          if (round > enough) expect([...left.keys()]).toEqual([]);
          const now = 1_050 + round - (round >= clockBack.at ? clockBack.by : 0);
          const arrival = arrivals[round % arrivals.length];
          if (arrival !== undefined) enqueue(`u${round}`, arrival, [], now);
          const works = ({ task, since }: { task: Waiting; since: number }) =>
            round - since < rows.get(task.id)!.works;
          for (const [id, { since }] of running) {
            const { works: rounds, waitsForCi, fails } = rows.get(id)!;
            if (round - since < rounds + waitsForCi) continue;
            running.delete(id);
            progress.set(id, fails ? { is: "failed", reason: "was aborted" } : { is: "done" });
          }
          const busy = [...running.values()].filter(works).map(({ task }) => task);
          const there = standing([...left.values()], {
            held: [...running.values()].flatMap(({ task, since }) =>
              task.locks.map(({ name, shared }) =>
                held(name, task.id, { repo: task.repo, shared, since }),
              ),
            ),
            progress,
            running: {
              byRepo: tally(busy.map((task) => task.repo)),
              byAgent: tally(busy.map((task) => task.agent)),
            },
            paused: { all: false, repos: new Set(round < pauseUntil ? ["r"] : []) },
          });
          const free = { ...bounds, places: places - busy.length };
          const decided = schedule(there, free, now);
          if (round % 8 === 0) expect(wrongsOf(there, free, now, decided)).toEqual([]);
          for (const id of decided.begin) {
            const task = left.get(id)!;
            for (const other of task.after) expect(progress.get(other)).toEqual({ is: "done" });
            left.delete(id);
            running.set(id, { task, since: round });
          }
          expectNoTwoHolders([...running.values()].map(({ task }) => task));
        }
      }),
      { numRuns: 300 },
    );
  });
});

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function expectNoTwoHolders(tasks: readonly Waiting[]): void {
  const alone = new Set<string>();
  const shared = new Set<string>();
  for (const task of tasks)
    for (const lock of task.locks) {
      const key = `${task.repo}/${lock.name}`;
      const isTaken = alone.has(key) || (!lock.shared && shared.has(key));
      if (isTaken) expect(`${task.id} and another hold ${key}`).toBe("never");
      (lock.shared ? shared : alone).add(key);
    }
}
