import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TaskState } from "@ampx/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keptRefs, type KeptRefs } from "../world/kept-refs.ts";
import { makeWorld, type World } from "../world/world.ts";

// What the program of an agent does: how it ends, what it prints, what it leaves running.

/** Any command line as an agent; what it does is chosen by the prompt. */
const program = String.raw`
case "$(cat)" in
  *"It is not found."*) exec no-such-program-42 ;;
  *"It fails at once."*) exit 1 ;;
  *"It ends at once."*) exit 0 ;;
  *"It prints rubbish."*)
    head -c 5000000 /dev/urandom
    printf '\n\033[2J\033]0;title\007\033[31mred\033[0m\000nul \377\376 \342\202\n'
    head -c 50000000 /dev/zero | tr '\0' x
    printf '\nthe last words\n'
    echo 42 > answer ;;
  *"It forks a daemon."*)
    setsid sh -c 'setsid sh -c "cd /; exec sleep 600 0<&- 1>&- 2>&-" & exit 0'
    echo 42 > answer ;;
  *) echo 42 > answer ;;
esac`;

let world: World;
let before: KeptRefs;

beforeAll(async () => {
  const config = { agents: { command: { command: ["sh", "-c", program] } } };
  world = await makeWorld({ config });
  await world.startWorker({ AMPX_SLOTS: "3" });
  await restsIn(world, await start("Answer with 42."), "ready");
  before = await keptRefs(world);
}, 60_000);

afterAll(() => world[Symbol.asyncDispose]());

test.concurrent("a command that is not found is told, and costs no attempt", async () => {
  const { state, waitingFor } = await restsIn(
    world,
    await start("It is not found."),
    "needs_review",
  );
  expect(state.phase).toMatchObject({ reason: "agent_unavailable" });
  expect(state.spent.attempts).toBe(0);
  expect(waitingFor).toMatch(
    /^you: the agent cannot run \(The agent's command exited with 127: .*no-such-program-42: not found\)$/,
  );
});

test.concurrent("a command that fails at once, without a word, is tried again later and costs no attempt", async () => {
  const id = await start("It fails at once.");
  const { state, waitingFor } = await world.until(
    id,
    (row) => row.waitingFor?.includes("1") === true,
  );
  expect(waitingFor).toBe("command to work again: The agent's command exited with 1");
  expect(state.spent).toMatchObject({ attempts: 0, turns: 1 });
});

test.concurrent("a command that ends at once as if all were well has made an attempt and changed nothing", async () => {
  const { state, waitingFor } = await restsIn(
    world,
    await start("It ends at once."),
    "needs_review",
  );
  expect(state.phase).toMatchObject({ reason: "no_change" });
  expect(state.spent.attempts).toBe(1);
  expect(waitingFor).toBe("you: the agent changed nothing");
});

test.concurrent("of rubbish on its output people see bounded, printable lines, and the work counts", async () => {
  const id = await start("It prints rubbish.");
  await restsIn(world, id, "ready");
  const lines = await world.store.readLog(id, { limit: 100_000 });
  const texts = lines.map(({ text }) => text);
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(4_001);
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  expect(texts.filter((text) => /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/.test(text))).toEqual(
    [],
  );
  expect(texts).toContain("rednul \ufffd\ufffd \ufffd");
  expect(texts.find((text) => text.startsWith("xxx"))).toMatch(/^x{4000}…$/);
  expect(texts).toContain("the last words");
  const raw = await readFile(join(world.home, "logs", id, "turn-1.log"));
  expect(raw.length).toBeGreaterThan(55_000_000);
});

test.concurrent("a daemon that has left its session, its folder and its pipes is ended with the turn", async () => {
  const id = await start("It forks a daemon.");
  await world.until(id, ({ state }) => state.spent.attempts === 1);
  expect(world.processes().filter(({ commandLine }) => commandLine === "sleep 600")).toEqual([]);
  await restsIn(world, id, "ready");
});

test("after all of them another task goes through, and the repository is as it was", async () => {
  await restsIn(world, await start("Answer with 42."), "ready");
  expect(await keptRefs(world)).toEqual(before);
  await world.quiet();
});

test("a program that is not installed is told with the key of the config, and costs no attempt", async () => {
  await using other = await makeWorld({
    turns: [[{ write: "answer", content: "42\n" }]],
    config: { agents: { command: { command: ["no-such-agent"] } } },
  });
  await other.startWorker();
  const id = await other.createTask({}, "Answer with 42.", { agent: "command" });
  const { state, waitingFor } = await restsIn(other, id, "needs_review");
  expect(state.phase).toMatchObject({ reason: "agent_unavailable" });
  expect(state.spent).toMatchObject({ attempts: 0, turns: 1 });
  expect(waitingFor).toMatch(
    /^you: the agent cannot run \("no-such-agent" could not be started \(spawn no-such-agent ENOENT\): set agents\.command\.command to a program/,
  );
  await restsIn(other, await other.createTask(), "ready");
});

function start(prompt: string): Promise<string> {
  return world.createTask({}, prompt, { agent: "command" });
}

function restsIn(where: World, id: string, name: TaskState["phase"]["name"]) {
  return where.until(
    id,
    ({ state, leaseHolder }) => state.phase.name === name && leaseHolder === null,
  );
}
