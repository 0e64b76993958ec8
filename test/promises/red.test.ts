import type { TaskState } from "@ampx/core";
import { expect, test } from "vitest";
import { makeWorld, type World } from "../world/world.ts";

// Whose fault a red is decides what happens next: only the code's costs an attempt.

const answers = (text: string) => [
  { write: "answer", content: `${text}\n` },
  { say: `It is ${text}.` },
];
/** The first run prints this and fails; the next ones are green. */
const redOnce = (lines: string[]) =>
  `[ -e "$WORLD_ROOT/again" ] || { touch "$WORLD_ROOT/again"; ${lines.map((line) => `echo '${line}'`).join("; ")}; exit 1; }`;
const restsIn = (world: World, id: string, name: TaskState["phase"]["name"]) =>
  world.until(id, ({ state, leaseHolder }) => state.phase.name === name && leaseHolder === null);

test.concurrent("a failure that the change cannot have caused is given one more run, which costs no attempt", async () => {
  await using world = await makeWorld({
    turns: [[{ write: "NOTES.md", content: "One more note.\n" }, { say: "Done." }]],
    ci: redOnce([
      "=================== FAILURES ===================",
      "tests/test_net.py:12: AssertionError: lost a packet",
      "FAILED tests/test_net.py::test_lost - AssertionError: lost a packet",
      "========== 1 failed, 3 passed in 0.31s =========",
    ]),
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state } = await restsIn(world, id, "ready");
  expect(state.spent.attempts).toBe(1);
  expect(state.attempts).toMatchObject([{ verdict: "passed", lane: "flaky" }]);
  expect(await world.ciRuns()).toEqual([state.pushed, state.pushed]);
});

test.concurrent("what CI on this machine says is heard at once, however seldom it is looked at", async () => {
  await using world = await makeWorld({
    turns: [answers("7"), answers("42")],
    ci: "sleep 1; grep -qx 42 answer",
  });
  await world.startWorker({ WORLD_CI_POLL_MS: "3600000" });
  const id = await world.createTask();
  const { state } = await restsIn(world, id, "ready");
  expect(state.attempts).toMatchObject([{ verdict: "failed" }, { verdict: "passed" }]);
});

test.concurrent("a network that is down is waited for, and no agent is sent after it", async () => {
  await using world = await makeWorld({
    turns: [answers("42")],
    ci: redOnce([
      "npm error code ENOTFOUND",
      "npm error network request to https://registry.npmjs.org/left-pad failed, reason: getaddrinfo ENOTFOUND registry.npmjs.org",
    ]),
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state } = await restsIn(world, id, "ready");
  expect(state.spent).toMatchObject({ attempts: 1, turns: 1 });
  expect(state.attempts).toMatchObject([{ verdict: "passed", lane: "infrastructure" }]);
});

test.concurrent("a CI that is set up wrong waits for a person, and is looked at again without a turn", async () => {
  await using world = await makeWorld({
    turns: [answers("42")],
    ci: redOnce(["##[error]Input required and not supplied: token"]),
  });
  await world.startWorker();
  const id = await world.createTask();
  const waiting = await restsIn(world, id, "needs_review");
  expect(waiting.state.phase).toMatchObject({ reason: "ci_configuration" });
  expect(waiting.waitingFor).toMatch(
    /^you: CI is set up wrong \(.+ \("Input required and not supplied: token"\)\)$/,
  );

  await goOn(world, id);
  const { state } = await restsIn(world, id, "ready");
  expect(state.spent.turns).toBe(1);
  expect(state.budget).toEqual(waiting.state.budget);
});

const redAnyway = 'grep -qx yes mended || { echo "FAIL: something old"; exit 1; }';

test.concurrent("a base that is red in the same way is told to a person, who can have it mended", async () => {
  await using world = await makeWorld({
    turns: [answers("42"), [{ write: "mended", content: "yes\n" }, { say: "Mended." }]],
    ci: redAnyway,
    config: { ci: { check_base: true } },
  });
  await world.startWorker();
  const id = await world.createTask();
  const waiting = await restsIn(world, id, "needs_review");
  expect(waiting.state.phase).toMatchObject({ reason: "base_is_red" });
  expect(waiting.state.spent.turns).toBe(1);

  await goOn(world, id);
  const { state } = await restsIn(world, id, "ready");
  expect(state.spent.turns).toBe(2);
  expect((await world.prompts())[1]).toContain("FAIL: something old");
});

test.concurrent("whoever starts a task to mend the base says so, and is not asked", async () => {
  await using world = await makeWorld({
    turns: [answers("42"), [{ write: "mended", content: "yes\n" }, { say: "Mended." }]],
    ci: redAnyway,
    config: { ci: { check_base: true } },
  });
  await world.startWorker();
  const id = await world.createTask({}, "Make CI green.", { allow: ["base_is_red"] });
  const { state } = await restsIn(world, id, "ready");
  expect(state.attempts.map(({ verdict }) => verdict)).toEqual(["failed", "passed"]);
});

test.concurrent("failures that are new with the change are the code's, whatever else is red on the base", async () => {
  await using world = await makeWorld({
    turns: [answers("41"), answers("42")],
    ci: 'grep -qx 42 answer || { echo "answer.txt:1: error: FAIL it is $(cat answer)"; exit 1; }',
    config: { ci: { check_base: true } },
    files: { answer: "nothing\n" },
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state } = await restsIn(world, id, "ready");
  expect(state.baseVerdict).toMatchObject({ is: "failed" });
  expect(state.attempts).toMatchObject([
    { verdict: "failed", lane: "code" },
    { verdict: "passed" },
  ]);
});

test.concurrent("an approach that does not lead on is changed once, and then a person is asked", async () => {
  const tries = Array.from({ length: 4 }, (_, n) => [
    { run: 'n=$(git rev-list --count origin/main..HEAD); echo "$n" > "try-$n"' },
    { say: `Try ${n} of the session will do it.` },
  ]);
  await using world = await makeWorld({ turns: tries });
  await world.startWorker();
  const id = await world.createTask({ maxAttempts: 6 });
  const { state, summary, waitingFor } = await restsIn(world, id, "needs_review");
  expect(state.phase).toMatchObject({ reason: "no_progress" });
  expect(state.spent.attempts).toBe(4);
  expect(waitingFor).toContain("attempts 3 and 4 ended in the same failures");
  expect(summary).toContain("the same failure");
  const prompts = await world.prompts();
  const fresh = prompts.filter((prompt) => prompt.includes("This is a fresh start"));
  expect(fresh).toHaveLength(1);
  expect(fresh[0]).toContain("Try 0 of the session will do it.");
});

test.concurrent("red checks before the push go back to the agent, cost an attempt, and CI never hears of it", async () => {
  await using world = await makeWorld({
    turns: [answers("41"), answers("42")],
    config: {
      preflight: {
        commands: [
          "echo looking",
          "grep -x 42 answer || { echo 'answer:1:1: error: not 42'; exit 3; }",
        ],
      },
    },
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state, summary } = await restsIn(world, id, "ready");
  expect(state.attempts).toMatchObject([
    { preflight: "failed", verdict: null },
    { preflight: "passed", verdict: "passed" },
  ]);
  expect(summary).toContain("preflight red");
  expect(await world.ciRuns()).toEqual([state.pushed]);
  expect(await world.movesOf(state.task.branch)).toBe(1);
  const prompt = (await world.prompts())[1];
  expect(prompt).toContain("answer:1:1: error: not 42");
  expect(prompt).toContain("ended with exit code 3");
});

test.concurrent("who is told of red checks before the push and changes nothing is blocked", async () => {
  await using world = await makeWorld({
    turns: [answers("41"), [{ say: "The check is wrong, not I." }]],
    config: { preflight: { commands: ["grep -qx 42 answer"] } },
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state } = await restsIn(world, id, "needs_review");
  expect(state.phase).toMatchObject({ reason: "blocked", detail: "The check is wrong, not I." });
  expect(state.attempts).toMatchObject([{ preflight: "failed" }, { commit: null }]);
  expect(await world.movesOf(state.task.branch)).toBe(0);
});

test.concurrent("a check before the push that rewrites a tracked file leaves no trace, neither in what is pushed nor in the way of the merge", async () => {
  await using world = await makeWorld({
    turns: [answers("42")],
    files: { answer: "0\n", lock: "1\n" },
    config: { preflight: { commands: ["echo 2 >> lock", "grep -qx 2 lock"] } },
  });
  await world.startWorker();
  const id = await world.createTask();
  const ready = await restsIn(world, id, "ready");
  expect(ready.state.attempts).toMatchObject([{ preflight: "passed" }]);

  // Another change came first, to the very file: the merge has to put this one on top of it, in the same worktree.
  await world.commitToMain({ lock: "3\n" });
  await world.request(id, { type: "merge_requested", at: Date.now(), by: "kim" });
  await restsIn(world, id, "merged");
  expect(await world.git(["show", "main:answer"])).toBe("42");
  expect(await world.git(["show", "main:lock"])).toBe("3");
});

const idle = [{ say: "There is nothing to do: it does that already." }];

test.concurrent.for([
  ["green", "done_already"],
  ["red", "blocked"],
])("an agent that changes nothing on a %s base is told as %s", async ([is, reason]) => {
  await using world = await makeWorld({
    turns: [idle],
    ci: is === "green" ? "exit 0" : "echo FAIL; exit 1",
    config: { ci: { check_base: true } },
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state, status } = await restsIn(world, id, "needs_review");
  expect(status).toBe("needs_review");
  expect(state.phase).toMatchObject({ reason, detail: idle[0]?.say });
  expect(await world.movesOf(state.task.branch)).toBe(0);
});

test.concurrent("an agent that gives up on a red says why, and that is what is told", async () => {
  await using world = await makeWorld({
    turns: [answers("41"), [{ say: "I have no key for the server." }]],
  });
  await world.startWorker();
  const id = await world.createTask();
  const { state } = await restsIn(world, id, "needs_review");
  expect(state.phase).toMatchObject({ reason: "blocked", detail: "I have no key for the server." });
});

function goOn(world: World, id: string): Promise<void> {
  const at = Date.now();
  return world.request(id, { type: "continue_requested", at, by: "kim", text: "", allow: [] });
}
