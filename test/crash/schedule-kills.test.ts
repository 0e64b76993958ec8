import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { begin, evolve, isAtRest, type TaskId, type TaskState } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { expect, test } from "vitest";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld, type World } from "../world/world.ts";

// Three tickets that want the same lock, one of them after another, and one that shares it: whatever kills the worker, no two hold it at once, each is
// begun and merged once, and in order.

const config = { slots: 2 };
/** Each task writes a file of its own; CI is green with it. */
const turns = [[{ run: 'echo done > "$(git branch --show-current | tr / -)"' }, { say: "Done." }]];
const green = "true";

/** Where locks are taken and given back: what lies between is killed at in `crash.test.ts`. */
const ofSchedule = /^(?:claim in turn|append (?:started|merged))/;

interface Played {
  ids: TaskId[];
  rows: TaskRow[];
}

async function tickets(world: World): Promise<TaskId[]> {
  const terms = [
    { ticket: { id: "late", locks: ["area"] }, priority: 9 },
    { ticket: { id: "first", locks: ["area"] }, priority: 1 },
    { ticket: { id: "after", locks: ["area"], dependencies: ["late"] }, priority: 1 },
    { ticket: { id: "reader", locks: ["read:area"] }, priority: 4 },
  ];
  const ids: TaskId[] = [];
  for (const more of terms) ids.push(await world.createTask({}, "Add a file.", more));
  return ids;
}

/** Until all are merged: a person merges what is green. Fails at once when a lock has two holders. */
async function play(world: World, ids: TaskId[]): Promise<Played> {
  const asked = new Set<TaskId>();
  let rows: TaskRow[] = [];
  await waitFor(
    "all to be merged",
    async () => {
      rows = await readAll(world, ids);
      expectOneHolder(rows);
      for (const { id, state } of rows)
        if (state.phase.name === "ready" && !asked.has(id)) {
          asked.add(id);
          await world.request(id, { type: "merge_requested", at: Date.now(), by: "kim" });
        }
      const strays = rows.filter(
        ({ state }) => isAtRest(state) && !["ready", "merged"].includes(state.phase.name),
      );
      if (strays.length > 0)
        throw new Error(JSON.stringify(strays.map(({ state }) => state.phase)));
      return rows.every(({ state }) => state.phase.name === "merged");
    },
    90_000,
  );
  return { ids, rows };
}

async function readAll(world: World, ids: TaskId[]): Promise<TaskRow[]> {
  const { tasks } = await world.store.listTasks({ limit: 50 });
  return ids.map((id) => {
    const row = tasks.find((task) => task.id === id);
    if (row === undefined) throw new Error(`${id} is gone`);
    return row;
  });
}

function expectOneHolder(rows: readonly TaskRow[]): void {
  const held = rows.flatMap(({ state }) => state.locks);
  const alone = held.filter((lock) => lock === "area").length;
  expect(alone === 0 || held.length === 1, `held: ${held.join(", ")}`).toBe(true);
}

/** Each was begun once, in the order of the schedule; the log folds to the state that is stored, and nothing is held any more. */
async function expectInOrder(world: World, { ids, rows }: Played): Promise<void> {
  const begun: { at: number; id: TaskId }[] = [];
  for (const row of rows) {
    const events = await world.store.newestEvents(row.id, 1_000);
    let folded: TaskState | undefined;
    for (const { id, event } of events) {
      folded =
        event.type === "task_created"
          ? begin(event)
          : folded === undefined
            ? undefined
            : evolve(folded, event);
      if (event.type === "started") begun.push({ at: id, id: row.id });
    }
    expect(folded).toEqual(row.state);
    expect(row.state.locks).toEqual([]);
    expect(await world.movesOf(row.state.task.branch)).toBeGreaterThanOrEqual(1);
  }
  const [late, first, after, reader] = ids;
  expect(begun.toSorted((a, b) => a.at - b.at).map(({ id }) => id)).toEqual([
    first,
    reader,
    late,
    after,
  ]);
  expect(await world.store.tasksWithLocks()).toEqual([]);
}

async function playUnharmed(): Promise<string[]> {
  await using world = await makeWorld({ turns, ci: green, config });
  const trace = join(world.root, "trace");
  const ids = await tickets(world);
  const worker = await world.startWorker({ WORLD_TRACE: trace });
  await expectInOrder(world, await play(world, ids));
  await worker.kill("SIGTERM");
  return (await readFile(trace, "utf8")).split("\n").filter((point) => ofSchedule.test(point));
}

const points = await playUnharmed();
const times = new Map<string, number>();
const crashes = points.map((point) => {
  const nth = (times.get(point) ?? 0) + 1;
  times.set(point, nth);
  return { point, nth };
});

test("a backlog passes the points at which locks are taken and given back", () => {
  expect(new Set(points)).toEqual(
    new Set([
      "claim in turn after",
      ...["started", "merged"].flatMap((type) => [`append ${type} before`, `append ${type} after`]),
    ]),
  );
});

test.concurrent.for(crashes)(
  "a worker killed at $point, time $nth, leaves no lock behind and starts nothing twice",
  { timeout: 120_000 },
  async ({ point, nth }) => {
    await using world = await makeWorld({ turns, ci: green, config });
    const ids = await tickets(world);
    const doomed = await world.startWorker({ WORLD_KILL_AT: point, WORLD_KILL_NTH: String(nth) });
    const [played, worker] = await Promise.all([
      play(world, ids),
      doomed.gone.then(() => world.startWorker()),
    ]);
    await expectInOrder(world, played);
    expect(doomed.child.signalCode).toBe("SIGKILL");
    await worker.kill("SIGTERM");
  },
);
