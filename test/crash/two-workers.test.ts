import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { TaskId } from "@ampx/core";
import { expect, test } from "vitest";
import { makeWorld, type World } from "../world/world.ts";

// Counted by the agents themselves: a turn makes a folder at its beginning and removes it at its end. Where it finds one, two
// turns ran at once.

/** The worktree lies three folders below the world's root. */
const root = "../../..";
const begin = (folder: string) => ({
  run: `mkdir "${root}/${folder}" || echo "${folder}" >> ${root}/overlaps`,
});
const end = (folder: string) => ({ run: `rmdir "${root}/${folder}"` });
const turnOf = (folder: string, answer: string) => [
  begin(folder),
  { write: "answer", content: `${answer}\n` },
  { run: "sleep 0.2" },
  { say: `It is ${answer}.` },
  end(folder),
];

test("two workers on one store never drive one task at once, and do everything of each task once", async () => {
  const session = 'turn-of-$(basename "$PWD")';
  await using world = await makeWorld({ turns: [turnOf(session, "41"), turnOf(session, "42")] });
  const ids = await createTasks(world, 5);
  const traces = await startTwo(world, {});
  const rows = await Promise.all(
    ids.map((id) => world.until(id, ({ state }) => state.phase.name === "ready")),
  );

  expect(await overlaps(world)).toEqual([]);
  const pushed = rows.flatMap(({ state }) => state.attempts.map(({ commit }) => commit));
  const judged = await world.ciRuns();
  expect(judged).toHaveLength(pushed.length);
  expect(new Set(judged)).toEqual(new Set(pushed));
  for (const { state } of rows) {
    expect(state.spent).toMatchObject({ attempts: 2, turns: 2 });
    expect(await world.movesOf(state.task.branch)).toBe(2);
  }
  expect(await world.prompts()).toHaveLength(10);
  // Both had their part in it, or nothing is proven: of the many looks at CI, if by chance not of the turns.
  for (const trace of traces) expect(await readFile(trace, "utf8")).toContain("append ");
});

test("with one slot there is never more than one turn at once, over all workers", async () => {
  await using world = await makeWorld({ turns: [turnOf("the-slot", "42")] });
  const ids = await createTasks(world, 6);
  await startTwo(world, { AMPX_SLOTS: "1" });
  for (const id of ids) await world.until(id, ({ state }) => state.phase.name === "ready");
  expect(await overlaps(world)).toEqual([]);
  expect(await world.prompts()).toHaveLength(6);
});

test("the marks of the agents tell when two turns run at once", async () => {
  await using world = await makeWorld({ turns: [turnOf("the-slot", "42")] });
  const ids = await createTasks(world, 3);
  await startTwo(world, { AMPX_SLOTS: "3" });
  for (const id of ids) await world.until(id, ({ state }) => state.phase.name === "ready");
  expect(await overlaps(world)).not.toEqual([]);
});

async function createTasks(world: World, count: number): Promise<TaskId[]> {
  const ids: TaskId[] = [];
  for (let n = 0; n < count; n++) ids.push(await world.createTask());
  return ids;
}

/** Starts both before either has anything to do with a task; returns the files that tell what each did. */
async function startTwo(world: World, env: NodeJS.ProcessEnv): Promise<string[]> {
  const traces = ["first", "second"].map((name) => join(world.root, `trace-${name}`));
  await Promise.all(traces.map((trace) => world.startWorker({ ...env, WORLD_TRACE: trace })));
  return traces;
}

async function overlaps(world: World): Promise<string[]> {
  const names = await readdir(world.root);
  if (!names.includes("overlaps")) return [];
  return (await readFile(join(world.root, "overlaps"), "utf8")).trim().split("\n");
}
