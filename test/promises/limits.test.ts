import type { TaskEvent } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { expect, test } from "vitest";
import { makeWorld, type World } from "../world/world.ts";

const answers = { write: "answer", content: "42\n" };

test.concurrent("an agent that falls silent is ended with all that it started, and has spent one attempt", async () => {
  await using world = await makeWorld({
    turns: [
      [
        { say: "I begin." },
        // The second time it is done, the agent takes up the turn behind what it was cut off in.
        {
          run: "[ -e ../../../once ] || { touch ../../../once; (setsid sleep 600 &); sleep 600; }",
        },
        answers,
      ],
    ],
  });
  await world.startWorker({ WORLD_STALL_MS: "4000" });
  const id = await world.createTask();
  const retried = await world.until(id, ({ state }) => state.attempts.length === 1);
  expect(retried.state.attempts[0]).toMatchObject({ outcome: "stalled", commit: null });
  expect(world.processes().filter(({ commandLine }) => commandLine === "sleep 600")).toEqual([]);

  const { state } = await world.until(id, inPhase("ready"));
  expect(state.attempts.map(({ outcome, verdict }) => [outcome, verdict])).toEqual([
    ["stalled", null],
    ["completed", "passed"],
  ]);
  expect(state.spent).toMatchObject({ attempts: 2, turns: 2 });
  expect((await world.prompts())[1]).toContain("fell silent");
});

test.concurrent("a turn ends with the agent minutes, and words of a person add some by an event", async () => {
  await using world = await makeWorld({ turns: [[{ say: "I begin." }, { hang: true }, answers]] });
  await world.startWorker();
  const maxAgentMs = 6_000;
  const id = await world.createTask({ maxAttempts: 1, maxAgentMs });
  const spent = await world.until(id, inPhase("needs_review"));
  expect(spent.state.attempts).toMatchObject([{ outcome: "timed_out", commit: null }]);
  expect(spent.state.spent.agentMs).toBeGreaterThanOrEqual(maxAgentMs);
  expect(world.processes()).toEqual([]);

  await world.request(id, {
    type: "continue_requested",
    at: Date.now(),
    by: "kim",
    text: "Go on.",
    allow: [],
  });
  const { state } = await world.until(id, inPhase("ready"));
  expect(state.spent.attempts).toBe(2);
  const [raise] = await eventsOf(world, id, "continued");
  expect(raise).toMatchObject({ words: ["Go on."], budget: { maxAttempts: 2, deadline: null } });
  expect(raise?.budget.maxAgentMs).toBe(spent.state.spent.agentMs + maxAgentMs);
  expect(state.budget).toEqual(raise?.budget);
});

test.concurrent("with no minutes left no turn is started, whatever attempts are", async () => {
  await using world = await makeWorld({ turns: [[{ say: "I begin." }, { hang: true }]] });
  await world.startWorker();
  const id = await world.createTask({ maxAttempts: 5, maxAgentMs: 4_000 });
  const { state } = await world.until(id, inPhase("needs_review"));
  expect(state.phase).toMatchObject({ reason: "minutes_spent" });
  expect(state.spent).toMatchObject({ attempts: 1, turns: 1 });
});

test.concurrent("at the deadline the turn ends and no other begins, until a person says go on", async () => {
  await using world = await makeWorld({ turns: [[{ say: "I begin." }, { hang: true }, answers]] });
  await world.startWorker();
  const deadline = Date.now() + 5_000;
  const id = await world.createTask({ deadline });
  const late = await world.createTask({ deadline: Date.now() - 1 });
  const { state } = await world.until(id, inPhase("needs_review"));
  expect(Date.now()).toBeGreaterThanOrEqual(deadline);
  expect(state.phase).toMatchObject({ reason: "deadline_passed" });
  expect(state.attempts).toMatchObject([{ outcome: "timed_out" }]);

  const never = await world.until(late, inPhase("needs_review"));
  expect(never.state.phase).toMatchObject({ reason: "deadline_passed" });
  expect(never.state.spent).toMatchObject({ attempts: 0, turns: 0, agentMs: 0 });

  await world.request(id, {
    type: "continue_requested",
    at: Date.now(),
    by: "kim",
    text: "Go on.",
    allow: [],
  });
  const end = await world.until(id, inPhase("ready"));
  expect(end.state.budget.deadline).toBeNull();
});

test.concurrent("an outage of the provider costs no attempt, is told, and holds no slot meanwhile", async () => {
  await using world = await makeWorld({
    turns: [[{ say: "Hm." }, { fail: "overloaded", message: "come back later" }, answers]],
    // Its own agent is left in peace by all tasks; another one is not.
    config: { agents: { command: { command: ["sh", "-c", "echo 42 > answer; echo done"] } } },
  });
  await world.startWorker({ AMPX_SLOTS: "1" });
  const id = await world.createTask({ maxAttempts: 1 });
  const parked = await world.until(id, ({ waitingFor }) => waitingFor?.includes("later") === true);
  expect(parked.waitingFor).toBe("scripted to work again: come back later");
  expect(parked.state.spent).toMatchObject({ attempts: 0, turns: 1 });
  const other = await world.createTask({}, "The other task.", { agent: "command" });
  await world.until(other, ({ state }) => state.spent.attempts === 1);
  expect((await world.until(id, () => true)).state.spent.turns, "it is parked still").toBe(1);

  const { state } = await world.until(id, inPhase("ready"));
  expect(state.spent).toMatchObject({ attempts: 1, turns: 2 });
  expect(await eventsOf(world, id, "turn_failed")).toMatchObject([{ kind: "overloaded" }]);
});

function inPhase(name: string) {
  return ({ state }: TaskRow) => state.phase.name === name;
}

async function eventsOf<T extends TaskEvent["type"]>(
  world: World,
  id: string,
  type: T,
): Promise<Extract<TaskEvent, { type: T }>[]> {
  const events = (await world.store.newestEvents(id, 1_000)).map(({ event }) => event);
  return events.filter((event): event is Extract<TaskEvent, { type: T }> => event.type === type);
}
