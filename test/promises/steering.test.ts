import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RequestEvent } from "@ampx/core";
import { expect, test } from "vitest";
import { makeWorld, type World } from "../world/world.ts";

// People reach a turn while it runs: with words, with a yes or no, or by taking the worktree themselves.

const answer = [{ write: "answer", content: "42\n" }, { say: "It is 42." }];
const untilDone = { run: "until [ -e ../../../done ]; do sleep 0.05; done" };
const done = (world: World) => writeFile(join(world.root, "done"), "");
const inTurn = (world: World, id: string) =>
  world.until(id, ({ state }) => state.phase.name === "coding" && state.session !== null);
const ready = (world: World, id: string) =>
  world.until(id, ({ state, leaseHolder }) => state.phase.name === "ready" && leaseHolder === null);

function say(
  world: World,
  id: string,
  facts: Partial<Extract<RequestEvent, { type: "continue_requested" }>>,
) {
  return world.request(id, {
    type: "continue_requested",
    at: Date.now(),
    by: "kim",
    text: "Make it 42.",
    allow: [],
    ...facts,
  });
}

async function typesOf(world: World, id: string): Promise<string[]> {
  return (await world.store.newestEvents(id, 1_000)).map(({ event }) => event.type);
}

test.concurrent("words wait for the end of the turn", async () => {
  await using world = await makeWorld({
    turns: [[untilDone, { write: "answer", content: "41\n" }, { say: "41" }], answer],
  });
  await world.startWorker();
  const id = await world.createTask();
  await inTurn(world, id);
  await say(world, id, {});
  await done(world);
  const { state } = await ready(world, id);
  expect(state.spent.attempts).toBe(2);
  expect((await world.prompts()).at(-1)).toContain("Make it 42.");
  expect(await typesOf(world, id)).not.toContain("turn_interrupted");
});

test.concurrent("words that shall not wait go into the turn of an agent that takes them", async () => {
  await using world = await makeWorld({ turns: [[untilDone, ...answer]] });
  await world.startWorker();
  const id = await world.createTask();
  await inTurn(world, id);
  await say(world, id, { interrupt: true });
  await world.until(id, ({ state }) => state.requests.words.length === 0);
  await done(world);
  const { state } = await ready(world, id);
  expect(state.spent).toMatchObject({ attempts: 1, turns: 1 });
  const log = await world.store.readLog(id, { limit: 1_000 });
  expect(log.map(({ text }) => text)).toContain("heard: Make it 42.");
});

test.concurrent("they end the turn of one that does not, at no attempt's cost, and come first in the next", async () => {
  await using world = await makeWorld({
    config: {
      agents: {
        command: {
          command: [
            "sh",
            "-c",
            'p=$(cat); case "$p" in *"Make it 42"*) echo 42 > answer; echo done;; *) sleep 60;; esac',
          ],
        },
      },
    },
  });
  await world.startWorker();
  const id = await world.createTask({}, "Answer.", { agent: "command" });
  await world.until(id, ({ state }) => state.phase.name === "coding" && state.phase.turn !== null);
  await say(world, id, { interrupt: true });
  const { state } = await ready(world, id);
  expect(state.spent).toMatchObject({ attempts: 1, turns: 2 });
  expect(await typesOf(world, id)).toContain("turn_interrupted");
});

test.concurrent("who takes the worktree ends the turn, and none starts until they leave it", async () => {
  await using world = await makeWorld({ turns: [[untilDone, ...answer]] });
  await world.startWorker();
  const id = await world.createTask();
  await inTurn(world, id);
  await world.request(id, { type: "attach_requested", at: Date.now(), by: "kim" });
  const held = await world.until(
    id,
    ({ waitingFor, leaseHolder }) =>
      leaseHolder === null && waitingFor === "kim, who works in the worktree",
  );
  expect(held.wakeAt).toBeNull();
  expect(world.processes()).toEqual([]);
  await done(world);
  await world.request(id, { type: "detach_requested", at: Date.now(), by: "kim" });
  const { state } = await ready(world, id);
  expect(state.spent.attempts).toBe(1);
});

test.concurrent.for([
  [true, "allowed"],
  [false, "denied: kim has denied it"],
] as const)("what the policy leaves to a person is asked of them: %s", async ([allow, words]) => {
  await using world = await makeWorld({
    turns: [[{ ask: { tool: "Write", input: "hosts", paths: ["/etc/hosts"] } }, ...answer]],
    config: { permissions: "ask" },
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state } = await world.until(
    id,
    ({ state: now }) => now.phase.name === "coding" && (now.phase.turn?.asks.length ?? 0) > 0,
  );
  expect(state.phase).toMatchObject({
    turn: { asks: [{ id: 1, tool: "Write", why: expect.stringContaining("/etc/hosts") }] },
  });
  await world.request(id, {
    type: "permission_answered",
    at: Date.now(),
    by: "kim",
    ask: 1,
    allow,
  });
  await ready(world, id);
  const log = await world.store.readLog(id, { limit: 1_000 });
  expect(log.map(({ text }) => text)).toContain(words);
});

test.concurrent("by default nobody is asked: what lies outside of the worktree is denied with the reason", async () => {
  await using world = await makeWorld({
    turns: [
      [
        { ask: { tool: "Write", input: "hosts", paths: ["/etc/hosts"] } },
        { ask: { tool: "Write", input: "here", paths: ["src/a.ts"] } },
        ...answer,
      ],
    ],
  });
  await world.startWorker();
  const id = await world.createTask();
  await ready(world, id);
  const said = (await world.store.readLog(id, { limit: 1_000 })).map(({ text }) => text);
  expect(said).toContainEqual(expect.stringMatching(/^denied: .*\/etc\/hosts/));
  expect(said).toContain("allowed");
});

test.concurrent("a pause also holds a turn whose worktree is just being made, the first and a later one", async () => {
  await using world = await makeWorld({ turns: [answer] });
  const isHeld = async (id: string) => {
    const { state } = await world.until(
      id,
      ({ waitingFor, leaseHolder }) =>
        leaseHolder === null && waitingFor === "you: everything is paused (ampx resume)",
    );
    expect(state.phase).toMatchObject({ name: "coding", turn: null });
    expect(state.spent.turns).toBe(0);
  };
  const pause = () =>
    world.store.pause({ repo: null, by: "kim", at: Date.now(), untilRestart: false });
  const hold = world.hold("workspace.prepare after");
  const first = await world.startWorker(hold.env);
  const id = await world.createTask();
  await hold.reached();
  await pause();
  await hold.letGo();
  await isHeld(id);
  await first.kill("SIGTERM");

  // Where the worktree is from before, it is looked after once more.
  const again = world.hold("workspace.prepare after");
  await world.startWorker(again.env);
  await world.store.resume({ repo: null });
  await again.reached();
  await pause();
  await again.letGo();
  await isHeld(id);
  await world.store.resume({ repo: null });
  await ready(world, id);
});
