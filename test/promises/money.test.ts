import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { allTokens, type TaskState } from "@ampx/core";
import { expect, test } from "vitest";
import { makeWorld, type World } from "../world/world.ts";

// What agents use is counted once and held against its caps while they work; a provider that refuses is left in peace by all tasks.

const use = (usd: number | null, tokens = 1_000) => ({
  use: { input_tokens: tokens, output_tokens: 0, ...(usd !== null && { usd }) },
});
const answer = [{ write: "answer", content: "42\n" }, { say: "It is 42." }];
/** What comes behind a cap is never done: it would be seen in the repository. */
const beyond = [{ run: "sleep 30" }, { write: "beyond", content: "x\n" }];
const rests = (world: World, id: string, name: TaskState["phase"]["name"]) =>
  world.until(id, ({ state, leaseHolder }) => state.phase.name === name && leaseHolder === null);
const waits = (world: World, id: string, why: RegExp) =>
  world.until(
    id,
    ({ waitingFor, leaseHolder }) => leaseHolder === null && why.test(waitingFor ?? ""),
  );

test.concurrent("what all turns of a task have used adds up, and so does what all tasks have", async () => {
  await using world = await makeWorld({
    turns: [
      [use(0.1), use(0.2), { write: "answer", content: "41\n" }, { say: "41" }],
      [use(0.3), ...answer],
    ],
  });
  await world.startWorker();
  const ids = [await world.createTask(), await world.createTask()];
  for (const id of ids) {
    const { state } = await rests(world, id, "ready");
    expect(state.spent.usage).toMatchObject({ usd: 0.6, inputTokens: 3_000, usdKnown: true });
    expect(state.attempts.map(({ usage }) => usage.usd)).toEqual([0.3, 0.3]);
  }
  expect(await world.store.usedSince(0)).toMatchObject({ usd: 1.2, inputTokens: 6_000 });
});

test.concurrent("an agent that does not tell is of unknown cost, not of none", async () => {
  await using world = await makeWorld({ turns: [answer] });
  await world.startWorker();
  const id = await world.createTask();
  const { state } = await rests(world, id, "ready");
  expect(state.spent.usage).toMatchObject({ usd: 0, usdKnown: false, tokensKnown: false });
});

test.concurrent.for([
  ["usd", { maxUsd: 0.5 }, "usd_spent"],
  ["tokens", { maxTokens: 2_500 }, "tokens_spent"],
] as const)(
  "a turn ends with the model call that reaches the cap: %s",
  async ([, budget, reason]) => {
    await using world = await makeWorld({
      turns: [[{ write: "answer", content: "7\n" }, use(0.2), use(0.2), use(0.2), ...beyond]],
    });
    await world.startWorker();
    const id = await world.createTask(budget);
    const { state } = await rests(world, id, "needs_review");
    expect(state.phase).toMatchObject({ reason });
    expect(state.attempts).toMatchObject([{ outcome: "limit", usage: { usd: 0.6 } }]);
    // What was done until then is kept, and judged as any attempt is.
    expect(state.attempts[0]?.commit).not.toBeNull();
    expect(state.spent.turns).toBe(1);
  },
);

test.concurrent("whoever grants more has the task go on", async () => {
  // Taken up again, it goes on behind what it was cut off in.
  await using world = await makeWorld({ turns: [[use(1), { hang: true }, use(0.1), ...answer]] });
  await world.startWorker();
  const id = await world.createTask({ maxUsd: 1 });
  await rests(world, id, "needs_review");
  await world.request(id, {
    type: "continue_requested",
    at: Date.now(),
    by: "kim",
    text: "One more try.",
    allow: [],
    budget: { maxUsd: 2 },
  });
  const { state } = await rests(world, id, "ready");
  expect(state.budget.maxUsd).toBe(2);
  expect(state.spent.usage.usd).toBe(1.1);
});

test.concurrent("the day's cap ends the turns of all tasks, costs no attempt, and names the next day", async () => {
  await using world = await makeWorld({
    turns: [
      [use(0.4), { run: "until [ -e ../../../more ]; do sleep 0.05; done" }, use(0.4), ...beyond],
    ],
    config: { max_usd_per_day: 1 },
  });
  await world.startWorker();
  const ids = [await world.createTask(), await world.createTask()];
  await world.until(ids[1]!, ({ state }) => state.spent.usage.usd > 0);
  await writeFile(join(world.root, "more"), "");
  for (const id of ids) {
    const { state, wakeAt } = await waits(world, id, /^tomorrow: .*\$1\.\d0 today/);
    expect(state.spent.attempts).toBe(0);
    const midnight = new Date();
    midnight.setHours(24, 0, 0, 0);
    expect(wakeAt).toBe(midnight.getTime());
  }
});

test.concurrent("a limit with its end named parks all tasks of the agent, which go on by themselves then", async () => {
  await using world = await makeWorld({
    turns: [
      [{ fail: "rate_limit", message: "5-hour limit reached", reset_in_seconds: 1 }, ...answer],
    ],
    config: { slots: 1 },
  });
  await world.startWorker();
  const [first, second] = [await world.createTask(), await world.createTask()];
  const waiting = await waits(world, first, /scripted to work again: 5-hour limit reached/);
  const reset = waiting.wakeAt ?? 0;
  expect(reset).toBeGreaterThan(Date.now() + 2_000);
  // The other one never called.
  const other = await waits(world, second, /scripted to work again: 5-hour limit reached/);
  expect(other.state.spent.turns).toBe(0);
  expect(await world.store.parkedAgents()).toMatchObject([
    { agent: "scripted", kind: "rate_limit" },
  ]);
  for (const id of [first, second]) {
    const { state } = await rests(world, id, "ready");
    expect(state.spent.attempts).toBe(1);
  }
  expect(await world.store.parkedAgents()).toEqual([]);
});

test.concurrent("a login that has expired names what to do, and its tasks wait", async () => {
  await using world = await makeWorld({
    turns: [[{ fail: "auth", message: "signed out: run `scripted login`" }, ...answer]],
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state, status } = await waits(
    world,
    id,
    /^you to sign in: signed out: run `scripted login`$/,
  );
  expect(status).toBe("running");
  expect(state.spent.attempts).toBe(0);
  // Signed in again, whoever does not want to wait says so.
  await world.request(id, {
    type: "continue_requested",
    at: Date.now(),
    by: "kim",
    text: "",
    allow: [],
  });
  const ready = await rests(world, id, "ready");
  expect(ready.state.spent).toMatchObject({ attempts: 1, turns: 2 });
});

test.concurrent("another agent goes on when the first is refused for long", async () => {
  await using world = await makeWorld({
    turns: [[{ fail: "rate_limit", message: "weekly limit reached", reset_in_seconds: 86_400 }]],
    config: {
      agents: {
        command: { command: ["sh", "-c", "cat > prompt.txt; echo 42 > answer; echo done"] },
      },
    },
  });
  await world.startWorker();
  const id = await world.createTask({}, "Answer with 42.", { fallbacks: ["command"] });
  const { state } = await rests(world, id, "ready");
  expect(state).toMatchObject({ agent: "command", task: { agent: "scripted" } });
  expect(state.spent).toMatchObject({ attempts: 1, turns: 2 });
  expect(state.attempts).toMatchObject([{ agent: "command" }]);
  expect(allTokens(state.spent.usage)).toBe(0);
});
