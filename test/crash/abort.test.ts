import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Phase, type PhaseName } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { expect, test } from "vitest";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld, type World, type WorldOptions } from "../world/world.ts";

/** How a task comes to a phase and stays there until the abort has arrived. */
interface Arrival {
  world?: WorldOptions;
  env?: NodeJS.ProcessEnv;
  /** Where the worker waits meanwhile; without it the phase lasts by itself. */
  hold?: string;
  before?: (world: World) => Promise<unknown>;
  on?: (world: World, id: string) => Promise<unknown>;
  /** Why it is refused, where it comes too late. */
  refused?: string;
}

const green: WorldOptions = { turns: [[{ write: "answer", content: "42\n" }]] };
const red: WorldOptions = { turns: [[{ write: "answer", content: "41\n" }]] };
/** Goes on until it is ended, in a process whose parent is gone and which has a session of its own. */
const works = { run: "(setsid sleep 600 &) ; sleep 600" };
const waiting = "Wait.";

const mergeWhenReady = async (world: World, id: string) => {
  await world.until(id, inPhase("ready"));
  await ask(world, id, "merge_requested");
};

/** Only a forge that merges by itself is waited for: test/github-tasks. */
type LocalPhase = Exclude<PhaseName, "awaiting_merge">;

const arrivals: Record<LocalPhase, Arrival> = {
  queued: {
    world: { ...green, cases: [{ when: waiting, turns: [[{ say: "I wait." }, works]] }] },
    env: { AMPX_SLOTS: "1" },
    async before(world) {
      const other = await world.createTask({}, waiting);
      await waitFor("the other task's turn", () => sleepers(world).length === 2);
      await world.until(other, inPhase("coding"));
    },
  },
  preparing: { hold: "workspace.prepare before" },
  coding: {
    world: { turns: [[{ say: "I begin." }, works]] },
    on: (world) => waitFor("the agent's tools", () => sleepers(world).length === 2),
  },
  checking: { hold: "workspace.commit before" },
  inspecting: { hold: "workspace.diff before" },
  preflighting: {
    world: { ...green, config: { preflight: { commands: ["(setsid sleep 600 &) ; sleep 600"] } } },
    on: (world) => waitFor("the checks", () => sleepers(world).length === 2),
  },
  unchanged: {
    world: {
      turns: [[{ say: "It is fine as it is." }]],
      config: { ci: { check_base: true } },
    },
    hold: "ci.verdict before",
  },
  pushing: { hold: "workspace.push before" },
  awaiting_ci: {
    world: { ...green, ci: "(setsid sleep 600 &) ; sleep 600" },
    on: (world) => waitFor("CI", () => sleepers(world).length === 2),
  },
  diagnosing: { world: red, hold: "ci.failures before" },
  opening: { hold: "forge.findOrOpenChange before" },
  ready: {},
  rebasing: { hold: "workspace.rebase before", on: mergeWhenReady },
  merging: { hold: "append merge_started before", on: mergeWhenReady },
  merged: { on: mergeWhenReady, refused: "it is merged already" },
  needs_review: { world: { turns: [[{ say: "It is fine as it is." }]] } },
  aborted: {
    hold: "workspace.prepare before",
    async on(world, id) {
      await ask(world, id, "abort_requested");
    },
    refused: "it is aborted already",
  },
  error: { before: (world) => world.removeRepository() },
};
const phases = Phase.options
  .map((option) => option.shape.name.value)
  .filter((name): name is LocalPhase => name !== "awaiting_merge");

test.concurrent.for(phases)(
  "an abort in “%s” ends the task and leaves nothing of it",
  async (name) => {
    const arrival = arrivals[name];
    await using world = await makeWorld(arrival.world ?? green);
    const hold = arrival.hold === undefined ? undefined : world.hold(arrival.hold);
    await world.startWorker({ ...arrival.env, ...hold?.env });
    await arrival.before?.(world);
    const id = await world.createTask();
    if (name === "aborted") await hold?.reached();
    await arrival.on?.(world, id);
    if (name === "aborted") await hold?.letGo();
    else await hold?.reached();
    const there = await world.until(
      id,
      (row) => row.state.phase.name === name && isAnswered(row, name),
    );

    await ask(world, id, "abort_requested");
    await hold?.letGo();
    const end = await world.until(id, (row) => isAnswered(row, name) && row.seq > there.seq + 1);
    const events = (await world.store.newestEvents(id, 1_000)).slice(there.seq);
    if (arrival.refused === undefined) {
      expect(end.state.phase).toEqual({ name: "aborted", by: "kim" });
      expect(end.status).toBe("aborted");
      const types = events.map(({ event }) => event.type);
      expect([types[0], types.at(-1)]).toEqual(["abort_requested", "aborted"]);
      // What was being done may have been done; nothing else was begun.
      expect(types.length).toBeLessThanOrEqual(3);
    } else {
      expect(end.state.phase.name).toBe(name);
      expect(events.at(-1)?.event).toMatchObject({
        type: "request_refused",
        request: "abort",
        reason: arrival.refused,
      });
    }
    expect(end.state.spent.attempts).toBe(there.state.spent.attempts);
    if (name === "queued") expect(sleepers(world), "the other task's").toHaveLength(2);
    // What judges the base may be waited for by others, and ends by itself.
    else await world.quiet();
    if (name !== "error") expect(await world.movesOf("main")).toBe(name === "merged" ? 2 : 1);
  },
);

test("an abort ends a running turn within seconds, also one that is deaf to signals", async () => {
  await using world = await makeWorld({
    turns: [[{ say: "I begin." }, works]],
    cases: [
      { when: "deaf", turns: [[{ say: "I begin." }, { run: "trap '' INT TERM; sleep 600" }]] },
    ],
  });
  await world.startWorker();
  const tools = async () => waitFor("its tools", () => sleepers(world).length > 0);
  const timed = async (id: string) => {
    const from = performance.now();
    await ask(world, id, "abort_requested");
    await world.until(id, inPhase("aborted"));
    expect(world.processes()).toEqual([]);
    return performance.now() - from;
  };

  const obedient = await world.createTask();
  await tools();
  expect(await timed(obedient)).toBeLessThan(5_000);
  const deaf = await world.createTask({}, "Be deaf.");
  await tools();
  // Each of SIGINT and SIGTERM is given 5 s to be obeyed.
  expect(await timed(deaf)).toBeLessThan(15_000);
});

test("an abort in the middle of a push also ends CI that the repository's own hook has started", async () => {
  await using world = await makeWorld({ ...green, hook: true, ci: "sleep 600" });
  const file = join(world.repo, "hooks", "post-receive");
  // The push hangs with its commit in the repository, and nobody ever records that.
  await writeFile(file, (await readFile(file, "utf8")).replace(/exit 0\n$/, "sleep 600\n"));
  await world.startWorker();
  const id = await world.createTask();
  await waitFor("CI", () => sleepers(world).length === 2);
  await ask(world, id, "abort_requested");
  await world.until(id, inPhase("aborted"));
  expect(world.processes()).toEqual([]);
  expect(await world.movesOf("main")).toBe(1);
});

test("an abort after the merge has begun is refused, and the merge is completed", async () => {
  await using world = await makeWorld(green);
  const hold = world.hold("forge.merge before");
  await world.startWorker(hold.env);
  const id = await world.createTask();
  await mergeWhenReady(world, id);
  await hold.reached();
  await ask(world, id, "abort_requested");
  await hold.letGo();
  const end = await world.until(id, (row) => isAnswered(row, "merging"));
  expect(end.state.phase.name).toBe("merged");
  expect(await world.git(["show", "main:answer"])).toBe("42");
  expect(await world.movesOf("main")).toBe(2);
  expect((await world.store.newestEvents(id, 1))[0]?.event).toMatchObject({
    type: "request_refused",
    request: "abort",
    reason: "it is merged already",
  });
});

function inPhase(name: PhaseName) {
  return ({ state }: TaskRow) => state.phase.name === name;
}

/** Nothing is asked for any more; of a task that is being merged, the merge itself. */
function isAnswered({ state, leaseHolder }: TaskRow, from: PhaseName): boolean {
  const { abort, words } = state.requests;
  const isHeld = state.phase.name === from && !["ready", "merged", "needs_review"].includes(from);
  return abort === null && words.length === 0 && (isHeld || leaseHolder === null);
}

function sleepers(world: World): string[] {
  return world
    .processes()
    .map(({ commandLine }) => commandLine)
    .filter((line) => line === "sleep 600");
}

function ask(world: World, id: string, type: "abort_requested" | "merge_requested") {
  return world.request(id, { type, at: Date.now(), by: "kim" });
}
