import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { markedProcesses } from "@ampx/worker";
import { expect, test } from "vitest";
import { isRunning } from "../left-processes.ts";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld, type World } from "../world/world.ts";

// A laptop that sleeps, a debugger, a full swap: a worker stands still for longer than its lease and then goes on as if nothing
// had happened.

const quickLease = { WORLD_LEASE_MS: "1000" };
const goOn = { run: "until [ -e ../../../go-on ]; do sleep 0.05; done" };
const other = "Answer another question.";

test("a worker that was stopped in a turn has lost it: its agent is ended, its successor's is not, and it goes on with other tasks", async () => {
  await using world = await makeWorld({
    turns: [[{ say: "I begin." }, { hang: true }, { write: "answer", content: "42\n" }, goOn]],
    cases: [{ when: other, turns: [[{ write: "answer", content: "42\n" }]] }],
    // Both change the same file, whoever is first.
    config: { tickets: { overlaps: "ignore" } },
  });
  const id = await world.createTask();
  const trace = join(world.root, "trace");
  const first = await world.startWorker({ ...quickLease, AMPX_SLOTS: "2", WORLD_TRACE: trace });
  await told(trace, "agent.runTurn during");
  const mark = `${world.home}:${id}`;
  const agents = await markedProcesses(mark);
  expect(agents).not.toEqual([]);

  first.child.kill("SIGSTOP");
  // One slot: while it works on this task, only the first one can take another.
  await world.startWorker({ ...quickLease, AMPX_SLOTS: "1" });
  await waitFor("the first one's agent to be gone", () => agents.every((pid) => !isRunning(pid)));
  await turnRuns(world, id, 2);
  await waitFor("the second one's agent", async () => (await markedProcesses(mark)).length > 0);
  const successors = await markedProcesses(mark);
  const { seq } = await world.until(id, () => true);
  const traced = (await readFile(trace, "utf8")).length;

  first.child.kill("SIGCONT");
  const second = await world.createTask({}, other);
  await world.until(second, ({ state }) => state.phase.name === "ready");
  const since = (await readFile(trace, "utf8")).slice(traced);
  expect(since, "the first one worked on").toContain("append turn_ended after");
  expect((await world.until(id, () => true)).seq, "events of the lost task").toBe(seq);
  expect(
    successors.filter((pid) => !isRunning(pid)),
    "agents of the second one ended",
  ).toEqual([]);

  await writeFile(join(world.root, "go-on"), "");
  const { state } = await world.until(id, (row) => row.state.phase.name === "ready");
  expect(state.spent).toMatchObject({ attempts: 1, turns: 2 });
  expect(await world.movesOf(state.task.branch)).toBe(1);
  expect(await typesOf(world, id)).toEqual([
    "task_created",
    "started",
    "prepared",
    "turn_started",
    "session_opened",
    "turn_interrupted",
    "turn_started",
    "usage_recorded",
    "turn_ended",
    "committed",
    "inspected",
    "push_started",
    "pushed",
    "ci_passed",
    "inspected",
    "change_opened",
  ]);
});

test("a worker that was stopped before a push does not push over what its successor did", async () => {
  await using world = await makeWorld({
    turns: ["41", "42"].map((text) => [{ write: "answer", content: `${text}\n` }]),
    cases: [{ when: other, turns: [[{ write: "answer", content: "42\n" }]] }],
  });
  const id = await world.createTask();
  const hold = world.hold("workspace.push before");
  const first = await world.startWorker({ ...quickLease, ...hold.env });
  await hold.reached();
  first.child.kill("SIGSTOP");
  await hold.letGo();

  await using second = await world.startWorker(quickLease);
  const { state, seq } = await world.until(id, (row) => row.state.phase.name === "ready");
  await second.kill("SIGTERM");
  const tip = await world.git(["rev-parse", state.task.branch]);

  first.child.kill("SIGCONT");
  const next = await world.createTask({}, other);
  await world.until(next, (row) => row.state.phase.name === "ready");
  expect(await world.git(["rev-parse", state.task.branch])).toBe(tip);
  expect(await world.movesOf(state.task.branch)).toBe(2);
  expect(await world.until(id, () => true)).toMatchObject({ seq, state });
  expect(await markedProcesses(`${world.home}:${id}`)).toEqual([]);
});

async function told(trace: string, point: string): Promise<void> {
  await waitFor(point, async () =>
    (await readFile(trace, "utf8").catch(() => "")).includes(`${point}\n`),
  );
}

async function turnRuns(world: World, id: string, number: number): Promise<void> {
  await world.until(
    id,
    ({ state }) => state.phase.name === "coding" && state.phase.turn?.number === number,
  );
}

async function typesOf(world: World, id: string): Promise<string[]> {
  return (await world.store.newestEvents(id, 1_000)).map(({ event }) => event.type);
}

test("a worker alone that slept past its lease takes nothing from itself: the turn goes on", async () => {
  await using world = await makeWorld({
    turns: [[{ say: "I begin." }, goOn, { write: "answer", content: "42\n" }]],
  });
  const id = await world.createTask();
  const trace = join(world.root, "trace");
  const worker = await world.startWorker({ ...quickLease, WORLD_TRACE: trace });
  await told(trace, "agent.runTurn during");

  worker.child.kill("SIGSTOP");
  const { leaseHolder } = await world.until(id, () => true);
  expect(leaseHolder).not.toBeNull();
  const stoppedAt = Date.now();
  await waitFor("the lease to run out", () => Date.now() - stoppedAt > 2_000);
  worker.child.kill("SIGCONT");
  await writeFile(join(world.root, "go-on"), "");

  const { state } = await world.until(id, (row) => row.state.phase.name === "ready");
  expect(state.spent).toMatchObject({ attempts: 1, turns: 1 });
});
