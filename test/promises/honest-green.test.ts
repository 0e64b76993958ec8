import type { TaskState } from "@ampx/core";
import { expect, test } from "vitest";
import { makeWorld, type World } from "../world/world.ts";

// Green must mean what it meant before the agent came: what weakens a check is undone or held, and never pushed.

const testFile = (call: string) =>
  `import assert from "node:assert";\nimport { readFileSync } from "node:fs";\nimport { test } from "node:test";\n\n${call}("the answer", () => {\n  assert.equal(readFileSync("answer", "utf8"), "42\\n");\n});\n`;
const files = { answer: "0\n", "answer.test.js": testFile("test") };
const ci = "node --test answer.test.js";
const skips = [
  { write: "answer.test.js", content: testFile("test.skip") },
  { say: "The test is flaky, so I skip it." },
];
const mends = [
  { write: "answer.test.js", content: testFile("test") },
  { write: "answer", content: "42\n" },
  { say: "It is 42." },
];
const restsIn = (world: World, id: string, name: TaskState["phase"]["name"]) =>
  world.until(id, ({ state, leaseHolder }) => state.phase.name === name && leaseHolder === null);

test.concurrent("a test that the agent skips is sent back to be undone, at the cost of an attempt, and is never pushed", async () => {
  await using world = await makeWorld({ turns: [skips, mends], files, ci });
  await world.startWorker();
  const id = await world.createTask();
  const { state } = await restsIn(world, id, "ready");
  expect(state.attempts).toMatchObject([{ verdict: null }, { verdict: "passed" }]);
  expect(state.findings).toEqual([]);
  expect(await world.ciRuns()).toEqual([state.pushed]);
  const prompt = (await world.prompts())[1];
  expect(prompt).toContain("tests_skipped: answer.test.js:5");
});

test.concurrent("what the agent does not undo when it is told to is a person's to decide", async () => {
  const insists = [{ write: "answer", content: "42\n" }, { say: "It must stay skipped." }];
  await using world = await makeWorld({ turns: [skips, insists], files, ci });
  await world.startWorker();
  const id = await world.createTask();
  const { state, waitingFor } = await restsIn(world, id, "needs_review");
  expect(state.phase).toMatchObject({ reason: "held" });
  expect(state.spent.attempts).toBe(2);
  expect(waitingFor).toContain("tests_skipped in answer.test.js");
  expect(await world.movesOf(state.task.branch)).toBe(0);
});

test.concurrent("an agent that is told to undo something and changes nothing is held, with what it says", async () => {
  await using world = await makeWorld({
    turns: [skips, [{ say: "It must stay skipped." }]],
    files,
    ci,
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state, waitingFor } = await restsIn(world, id, "needs_review");
  expect(state.phase).toMatchObject({ reason: "held" });
  expect(state.held).toMatchObject({ before: "push" });
  expect(state.spent.attempts).toBe(2);
  expect(waitingFor).toContain("tests_skipped in answer.test.js: It must stay skipped.");
  expect(await world.movesOf(state.task.branch)).toBe(0);
});

test.concurrent("words on a held change go to the agent with what is held, but for what they let through", async () => {
  const protects = { write: "schema.sql", content: "select 1;\n" };
  await using world = await makeWorld({
    turns: [
      [{ write: "answer", content: "42\n" }, protects, ...skips],
      [{ write: "answer.test.js", content: testFile("test") }, { say: "Undone." }],
    ],
    files: { ...files, "schema.sql": "select 0;\n" },
    ci,
    config: { gate: { tests_skipped: "hold", protected_paths: ["schema.sql"] } },
  });
  await world.startWorker();
  const id = await world.createTask();
  const held = await restsIn(world, id, "needs_review");
  expect(held.state.findings.map(({ rule }) => rule).toSorted()).toEqual([
    "protected_path_changed",
    "tests_skipped",
  ]);

  await goOn(world, id, ["protected_path_changed"], "The new schema is wanted.");
  const { state } = await restsIn(world, id, "ready");
  const prompt = (await world.prompts())[1];
  expect(prompt).toContain("The new schema is wanted.");
  expect(prompt).toContain("tests_skipped: answer.test.js:5");
  expect(prompt).not.toContain("protected_path_changed");
  expect(state.findings).toMatchObject([{ rule: "protected_path_changed", verdict: "allow" }]);
});

test.concurrent("a change that is too long to be looked through is held", async () => {
  await using world = await makeWorld({
    turns: [
      [
        { write: "answer", content: "42\n" },
        // A little more than 8 MiB, in lines.
        { run: "yes 'one line of many' | head -c 8400000 > words.txt" },
        { say: "There they are." },
      ],
    ],
    files,
    ci,
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state, waitingFor } = await restsIn(world, id, "needs_review");
  expect(state.phase).toMatchObject({ reason: "held" });
  expect(state.findings).toMatchObject([{ rule: "diff_hidden", verdict: "hold" }]);
  expect(waitingFor).toContain("diff_hidden");
  expect(await world.movesOf(state.task.branch)).toBe(0);
});

test.concurrent("a change of CI is held with its evidence, and goes on as it is when a person lets it through", async () => {
  const workflow =
    "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n";
  const turns = [
    [
      { write: "answer", content: "42\n" },
      { write: ".github/workflows/ci.yml", content: workflow },
      { say: "CI is simpler now." },
    ],
  ];
  await using world = await makeWorld({ turns, files, ci });
  await world.startWorker();
  const id = await world.createTask();
  const held = await restsIn(world, id, "needs_review");
  expect(held.state.phase).toMatchObject({ reason: "held" });
  const [finding] = held.state.findings;
  expect(finding).toMatchObject({ file: ".github/workflows/ci.yml", verdict: "hold" });

  await goOn(world, id, []);
  const still = await world.until(
    id,
    ({ seq, state, leaseHolder }) =>
      seq > held.seq + 1 && state.phase.name === "needs_review" && leaseHolder === null,
  );
  expect(still.state.phase).toEqual(held.state.phase);

  await goOn(
    world,
    id,
    held.state.findings.map(({ rule }) => rule),
  );
  const { state } = await restsIn(world, id, "ready");
  expect(state.spent).toMatchObject({ attempts: 1, turns: 1 });
  expect(state.budget).toEqual(held.state.budget);
  expect(state.allowed).toContain(finding?.rule);
});

test.concurrent("the policy of the project decides, and an honest change is not held up", async () => {
  await using world = await makeWorld({
    turns: [[...skips, { write: "answer", content: "42\n" }]],
    files,
    ci,
    config: { gate: { tests_skipped: "allow" } },
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state } = await restsIn(world, id, "ready");
  expect(state.findings).toMatchObject([{ rule: "tests_skipped", verdict: "allow" }]);
  expect(state.spent.attempts).toBe(1);
});

function goOn(world: World, id: string, allow: string[], text = ""): Promise<void> {
  const at = Date.now();
  return world.request(id, { type: "continue_requested", at, by: "kim", text, allow });
}
