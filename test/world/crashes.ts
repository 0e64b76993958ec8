import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TaskEvent, type TaskEventType } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { markedProcesses } from "@ampx/worker";
import { expect } from "vitest";
import { play, type Scenario } from "./scenario.ts";
import { waitFor } from "./wait-for.ts";
import { makeWorld, type World } from "./world.ts";

/** What came of a task, counted where it cannot be retouched: in the repository, by CI, by the agent. */
export interface Outcome {
  phase: string;
  attempts: number;
  turns: number;
  pushes: number;
  merges: number;
  commits: number;
  /** The commits that CI was run for, one entry a run. */
  ciRuns: number;
}

export interface Baseline {
  scenario: Scenario;
  outcome: Outcome;
  /** The points that a worker passes, in order. */
  points: string[];
}

/** Plays a scenario without any harm done, and tells where there was an opportunity. */
export async function playUnharmed(scenario: Scenario): Promise<Baseline> {
  await using world = await makeWorld(scenario.world);
  const trace = join(world.root, "trace");
  const id = await createTask(world, scenario);
  const worker = await world.startWorker({ ...scenario.env, WORLD_TRACE: trace });
  const row = await play(scenario, world, id);
  await worker.kill("SIGTERM");
  const points = (await readFile(trace, "utf8")).split("\n").filter(Boolean);
  return { scenario, outcome: await outcomeOf(world, row), points };
}

export interface Crash {
  baseline: Baseline;
  point: string;
  /** The how manieth time that the point is passed. */
  nth: number;
}

/** One crash for every point that a worker passes, and every time that it passes it; looks at CI that is still running repeat at will, and count once. */
export function crashesOf(baselines: Baseline[], wanted: (point: string) => boolean): Crash[] {
  const covered = new Set<string>();
  const crashes: Crash[] = [];
  for (const baseline of baselines) {
    const times = new Map<string, number>();
    const own: Crash[] = [];
    for (const point of baseline.points.filter(wanted)) {
      const nth = (times.get(point) ?? 0) + 1;
      times.set(point, nth);
      if (nth > 1 && point.startsWith("ci.verdict")) continue;
      // What a scenario before has passed as often need not be killed at again.
      if (!covered.has(`${point} ${nth}`)) own.push({ baseline, point, nth });
    }
    for (const { point, nth } of own) covered.add(`${point} ${nth}`);
    crashes.push(...own);
  }
  return crashes;
}

/** What a worker appends on GitHub alone; `github-kills.test.ts` reaches it. */
export const onGitHubAlone: TaskEventType[] = [
  "issue_read",
  "branch_moved",
  "review_accepted",
  "review_answered",
  "merge_queued",
  "merge_withdrawn",
];

/** Events of the worker that no scenario reaches: a new event is unproven until one does. */
export function unreached(baselines: Baseline[]): string[] {
  const elsewhere = new Set<TaskEventType>([
    ...onGitHubAlone,
    // Takes another task; `overlap-kills.test.ts` reaches it.
    "overlaps_found",
    // Appended without a lease.
    "task_created",
    "abort_requested",
    "continue_requested",
    "merge_requested",
    "attach_requested",
    "detach_requested",
    "permission_answered",
    "review_received",
    "change_closed",
    "locks_released",
    "ticket_changed",
  ]);
  const passed = new Set(baselines.flatMap(({ points }) => points));
  return TaskEvent.options
    .map((option) => option.shape.type.value)
    .filter((type) => !elsewhere.has(type) && !passed.has(`append ${type} after`));
}

/** Kills the worker there, starts another, and expects the task to end as it would have, with everything done once. */
export async function expectToSurvive({ baseline, point, nth }: Crash): Promise<void> {
  const { scenario, outcome } = baseline;
  await using world = await makeWorld(scenario.world);
  const id = await createTask(world, scenario);
  const doomed = await world.startWorker({
    ...scenario.env,
    WORLD_KILL_AT: point,
    WORLD_KILL_NTH: String(nth),
  });
  const [row, worker] = await Promise.all([
    play(scenario, world, id).then(async (end) => {
      await waitFor("the worker to be killed", () => doomed.child.signalCode === "SIGKILL");
      return end;
    }),
    doomed.gone.then(() => world.startWorker(scenario.env)),
  ]);
  await worker.kill("SIGTERM");

  const { turns, ...counts } = await outcomeOf(world, row);
  const { turns: turnsUnharmed, ...expected } = outcome;
  expect(counts).toEqual(expected);
  expect(turns, "turns").toBeLessThanOrEqual(turnsUnharmed + 1);
  expect((await world.prompts()).length, "prompts").toBeLessThanOrEqual(turns);
  expect(await markedProcesses(`${world.home}:${id}`), "processes left").toEqual([]);
}

function createTask(
  world: World,
  { budget, fallbacks = [], locks = [] }: Scenario,
): Promise<string> {
  return world.createTask(budget, undefined, {
    fallbacks,
    ...(locks.length > 0 && { ticket: { id: "T-1", locks } }),
  });
}

async function outcomeOf(world: World, { state, seq }: TaskRow): Promise<Outcome> {
  const { branch, base } = state.task;
  const isThere = state.phase.name !== "error";
  const events = await world.store.newestEvents(state.task.id, 1_000);
  // The log is whole, and says what the state says.
  expect(events.map((event) => event.seq)).toEqual(Array.from({ length: seq }, (_, n) => n + 1));
  return {
    phase: state.phase.name,
    attempts: state.spent.attempts,
    turns: state.spent.turns,
    pushes: isThere ? await world.movesOf(branch) : 0,
    merges: isThere ? await world.movesOf(base) : 0,
    commits: isThere ? Number(await world.git(["rev-list", "--count", "--all"])) : 0,
    ciRuns: (await world.ciRuns()).length,
  };
}
