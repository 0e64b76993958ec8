import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TaskRow } from "@ampx/store";
import { expect, test } from "vitest";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld, type World } from "../world/world.ts";

// A laptop's lid, and a clock that is set back: what a worker sees of both is a clock that jumps while hardly any time goes by.

const hour = 3_600_000;
// Several waits of up to 45 s each, on a machine that has other things to do.
const timeout = 150_000;
const turn = [
  { say: "I begin." },
  { run: "until [ -e ../../../go-on ]; do sleep 0.05; done" },
  { write: "answer", content: "42\n" },
];
const quick = "Answer quickly.";
const quickly = { when: quick, turns: [[{ write: "answer", content: "42\n" }]] };

test.concurrent(
  "eight hours of sleep are neither a stall, nor work, nor an overdue CI, nor the end of a worker",
  { timeout },
  async () => {
    await using world = await makeWorld({ turns: [turn], cases: [quickly] });
    const clock = await clockOf(world);
    const env = {
      ...clock.env,
      WORLD_STALL_MS: "30000",
      WORLD_CI_SILENT: join(world.root, "go-on"),
    };
    // Two of them: each sees the other's leases run out in its sleep.
    await world.startWorker({ ...env, AMPX_SLOTS: "2" });
    await world.startWorker({ ...env, AMPX_SLOTS: "2" });
    const coded = await world.createTask({ maxAgentMs: 600_000 });
    const judged = await world.createTask({}, quick);
    await world.until(coded, isInTurn);
    await world.until(judged, isIn("awaiting_ci"));

    await clock.shift(8 * hour);
    await waitFor("a look at CI after the sleep", async () => {
      const row = await world.store.readTask(judged);
      return (row?.wakeAt ?? 0) > Date.now() + 7 * hour;
    });
    await writeFile(join(world.root, "go-on"), "");

    for (const id of [coded, judged]) {
      const { state } = await world.until(id, isIn("ready"));
      expect(state.spent).toMatchObject({ attempts: 1, turns: 1 });
      expect(state.spent.agentMs).toBeLessThan(60_000);
      expect(await world.movesOf(state.task.branch)).toBe(1);
    }
  },
);

test.concurrent(
  "a turn that a crash cuts off after a sleep is charged without the sleep",
  { timeout },
  async () => {
    await using world = await makeWorld({ turns: [turn] });
    const clock = await clockOf(world);
    const env = { ...clock.env, WORLD_LEASE_MS: "1000" };
    const first = await world.startWorker(env);
    const id = await world.createTask({ maxAgentMs: hour });
    await world.until(id, isInTurn);
    await clock.shift(8 * hour);
    await waitFor(
      "its lease to be renewed",
      async () => (await world.store.nextDue(Date.now() + 7 * hour)) !== null,
    );
    await first.kill("SIGKILL");
    await writeFile(join(world.root, "go-on"), "");
    await world.startWorker(env);
    const { state } = await world.until(id, isIn("ready"));
    expect(state.spent).toMatchObject({ attempts: 1, turns: 2 });
    expect(state.spent.agentMs).toBeLessThan(120_000);
  },
);

test.concurrent(
  "a clock that is set back by an hour holds nothing up, neither under a worker nor before it starts",
  { timeout },
  async () => {
    await using world = await makeWorld({ cases: [quickly] });
    const clock = await clockOf(world);
    const goOn = join(world.root, "go-on");
    const env = { ...clock.env, WORLD_CI_SILENT: goOn };
    const first = await world.startWorker(env);
    const id = await world.createTask({}, quick);
    await world.until(id, isIn("awaiting_ci"));
    const pushed = (await world.until(id, () => true)).state.pushed;
    await clock.shift(-hour);
    await waitFor("looks by the new time", async () => {
      const row = await world.store.readTask(id);
      return (row?.wakeAt ?? Infinity) < Date.now() - hour / 2;
    });

    await world.store.reportWorker({
      id: "before",
      holder: { host: "here", pid: 1, startedAt: "" },
      aliveAt: Date.now() - hour,
      slots: 1,
      agents: [],
    });
    await first.kill("SIGTERM");
    await clock.shift(-2 * hour);
    await world.startWorker(env);
    await writeFile(goOn, "");
    const { state } = await world.until(id, isIn("ready"));
    expect(state).toMatchObject({ pushed, spent: { attempts: 1, turns: 1 } });
    expect(await world.movesOf(state.task.branch)).toBe(1);
  },
);

interface ShiftedClock {
  env: NodeJS.ProcessEnv;
  shift(ms: number): Promise<void>;
}

async function clockOf({ root }: World): Promise<ShiftedClock> {
  const file = join(root, "clock");
  const shift = (ms: number) => writeFile(file, String(ms));
  await shift(0);
  return { env: { WORLD_CLOCK: file }, shift };
}

function isIn(name: string) {
  return ({ state }: TaskRow) => state.phase.name === name;
}

function isInTurn({ state }: TaskRow): boolean {
  return state.phase.name === "coding" && state.phase.turn !== null && state.session !== null;
}
