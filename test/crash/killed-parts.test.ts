import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { TaskEvent } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { expect, test } from "vitest";
import { serve } from "../world/serve.ts";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld, type World, type WorldOptions } from "../world/world.ts";

// Every process of a real `ampx serve` is killed while a turn or CI runs; the task ends as it would have.

const isGreen = "grep -qx 42 answer";
const slowTurn: WorldOptions = {
  turns: [
    [
      { say: "I begin." },
      { run: "[ -e ../../../go-on ] || sleep 600" },
      { write: "answer", content: "42\n" },
      { say: "It is 42." },
    ],
  ],
};
const slowCi: WorldOptions = {
  turns: [[{ write: "answer", content: "42\n" }]],
  ci: `[ -e "$WORLD_ROOT/go-on" ] || sleep 600; ${isGreen}`,
};

test.concurrent("an agent that is killed in a turn is taken up again, for no attempt", async () => {
  await using world = await makeWorld(slowTurn);
  await using ampx = await serve(world);
  const id = await ampx.startTask("Answer with 42.");
  await isAtWork(world);
  await goOn(world);
  kill(running(world, "scripted-main.ts"));
  const { state } = await world.until(id, inPhase("ready"));
  expect(state.spent).toMatchObject({ attempts: 1, turns: 2 });
  expect(await world.prompts()).toHaveLength(2);
  expect(await typesOf(world, id)).toContain("turn_failed");
  expect(atWork(world), "what the killed one had started").toEqual([]);
});

test.concurrent("a CI run that is killed is run again, and gives one verdict", async () => {
  await using world = await makeWorld(slowCi);
  await using ampx = await serve(world);
  const id = await ampx.startTask("Answer with 42.");
  await isAtWork(world);
  await goOn(world);
  kill(running(world, "local-ci/main.ts"));
  const { state } = await world.until(id, inPhase("ready"));
  expect(state.spent.attempts).toBe(1);
  expect(await world.ciRuns()).toEqual([state.pushed, state.pushed]);
  expect((await typesOf(world, id)).filter((type) => type.startsWith("ci_"))).toEqual([
    "ci_passed",
  ]);
  const left = await readdir(join(world.root, "project/ci-status"));
  expect(left.toSorted()).toEqual([`${state.pushed}.json`, `${state.pushed}.log`]);
  expect(atWork(world), "what the killed one had started").toEqual([]);
});

test.concurrent("an API that is killed is back at the same address, and whoever follows a task goes on", async () => {
  await using world = await makeWorld(slowTurn);
  await using ampx = await serve(world);
  const before = await ampx.server();
  const follower = ampx.spawn([
    "start",
    "--repo",
    world.repo,
    "--task",
    "Answer.",
    "--follow",
    "--json",
  ]);
  if (follower.stdout === null) throw new Error("it has no output");
  const followed = Promise.all([text(follower.stdout), once(follower, "exit")]);
  await isAtWork(world);
  const killed = ampx.pidOf("api-main");
  kill(killed);
  await waitFor("another API", () => ![undefined, killed].includes(ampx.pidOf("api-main")));
  await waitFor(
    "its answer",
    async () => (await ampx.fetch("/healthz").catch(() => undefined))?.ok,
  );
  expect(await ampx.server()).toEqual(before);
  // A turn that is under way is no business of the API's.
  expect(await world.prompts()).toHaveLength(1);
  await goOn(world);
  for (const { pid } of atWork(world)) process.kill(pid);
  const [output] = await followed;
  const told = output
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(follower.exitCode).toBe(0);
  expect(told.at(-1)).toMatchObject({ end: { status: "success", attempts: 1 } });
  const numbers = told.flatMap((line) => numberOf(line));
  expect(numbers, "each line once, in order").toEqual(numbers.map((_, n) => n + 1));
});

test.concurrent("a worker that is killed is back, and takes up its turn for no attempt", async () => {
  await using world = await makeWorld(slowTurn);
  await using ampx = await serve(world);
  const id = await ampx.startTask("Answer with 42.");
  await isAtWork(world);
  await goOn(world);
  kill(ampx.pidOf("worker-main"));
  const { state } = await world.until(id, inPhase("ready"));
  expect(state.spent).toMatchObject({ attempts: 1, turns: 2 });
  expect(await world.movesOf(state.task.branch)).toBe(1);
  expect(atWork(world), "what the killed one had started").toEqual([]);
});

test.concurrent("a supervisor that is killed takes all with it, and the next `ampx start` brings all back", async () => {
  await using world = await makeWorld(slowTurn);
  await using ampx = await serve(world);
  const id = await ampx.startTask("Answer with 42.");
  await isAtWork(world);
  const from = performance.now();
  kill(ampx.pidOf("supervisor-main"));
  await waitFor("all to be gone", () => world.processes().length === 0);
  expect(performance.now() - from).toBeLessThan(15_000);
  await goOn(world);
  const other = await ampx.startTask("Answer with 42 again.");
  for (const task of [id, other]) {
    const { state } = await world.until(task, inPhase("ready"));
    expect(state.spent.attempts).toBe(1);
  }
});

test.concurrent("`ampx stop` leaves no process of a running turn and a running CI, and neither costs anything", async () => {
  await using world = await makeWorld({
    ...slowCi,
    cases: [{ when: "slowly", turns: slowTurn.turns ?? [] }],
  });
  await using ampx = await serve(world);
  const judged = await ampx.startTask("Answer with 42.");
  await isAtWork(world);
  const coded = await ampx.startTask("Answer with 42, slowly.");
  await waitFor("both to be at work", () => atWork(world).length === 2);
  await world.until(coded, inPhase("coding"));
  const stopped = await ampx.ampx(["stop"]);
  expect(stopped.code).toBe(0);
  expect(world.processes()).toEqual([]);

  await goOn(world);
  expect(await ampx.ampx(["serve", "--detach"])).toMatchObject({ code: 0 });
  for (const id of [judged, coded]) {
    const { state } = await world.until(id, inPhase("ready"));
    expect(state.spent.attempts).toBe(1);
    expect(await world.movesOf(state.task.branch)).toBe(1);
  }
  expect(await world.prompts()).toHaveLength(3);
  expect(await world.ciRuns()).toHaveLength(3);
  expect(await typesOf(world, coded)).toContain("turn_interrupted");
});

test.concurrent("`ampx stop` also ends what is left when all of the server was killed", async () => {
  await using world = await makeWorld(slowTurn);
  await using ampx = await serve(world);
  const id = await ampx.startTask("Answer with 42.");
  await isAtWork(world);
  // All at once: those that are left would end by themselves.
  ["supervisor-main", "worker-main", "api-main"].map(ampx.pidOf).forEach(kill);
  await waitFor("the server to be gone", () => ampx.pidOf("worker-main") === undefined);
  expect(atWork(world)).toHaveLength(1);
  expect(await ampx.ampx(["stop"])).toMatchObject({ code: 0 });
  expect(world.processes()).toEqual([]);

  await goOn(world);
  await ampx.ampx(["serve", "--detach"]);
  const { state } = await world.until(id, inPhase("ready"));
  expect(state.spent.attempts).toBe(1);
});

function atWork(world: World) {
  return world.processes().filter(({ commandLine }) => commandLine === "sleep 600");
}

async function isAtWork(world: World): Promise<void> {
  await waitFor("the slow part", () => atWork(world).length === 1);
}

/** From now on nothing is slow. */
async function goOn(world: World): Promise<void> {
  await writeFile(join(world.root, "go-on"), "");
}

function running(world: World, file: string): number | undefined {
  return world.processes().find(({ commandLine }) => commandLine.includes(file))?.pid;
}

function kill(pid: number | undefined): void {
  if (pid === undefined) throw new Error("it does not run");
  process.kill(pid, "SIGKILL");
}

function inPhase(name: string) {
  return ({ state }: TaskRow) => state.phase.name === name;
}

async function typesOf(world: World, id: string): Promise<TaskEvent["type"][]> {
  return (await world.store.newestEvents(id, 1_000)).map(({ event }) => event.type);
}

function numberOf(line: unknown): number[] {
  const isLine = typeof line === "object" && line !== null && "line" in line;
  return isLine ? [(line.line as { n: number }).n] : [];
}
