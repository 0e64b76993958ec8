import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describeAgent } from "./agent-contract.ts";
import { setStage, type Stage } from "./agent-stage.ts";
import { callsOf, promptOf, writePlay } from "./fake-play.ts";
import type { FakeOpencodePlay } from "./fixtures/fake-opencode.ts";
import { opencodeAgent } from "./opencode.ts";

const fake = fileURLToPath(new URL("./fixtures/fake-opencode.ts", import.meta.url));

describeAgent("opencode", { resumes: true, make: (steps, stage) => agentOf(stage, { steps }) });

test("prompts by the standard input, and takes a session up again", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, { steps: [{ say: "done" }] });
  const { events } = await stage.run(agent, { prompt: "The secret\nplan" });
  expect(events[0]).toEqual({ type: "session", id: "ses_1fake" });
  expect(await promptOf(stage)).toBe("The secret\nplan");
  await stage.run(agent, { session: "ses_2" });
  const [, first, second] = await callsOf(stage);
  expect(first?.join(" ")).toBe(
    "run --format json --print-logs --log-level INFO --auto --thinking",
  );
  expect(second?.join(" ")).toMatch(/ --session ses_2$/);
});

async function agentOf(stage: Stage, play: FakeOpencodePlay) {
  const agents = { opencode: { command: fake, args: [] } };
  const env = { FAKE_OPENCODE: await writePlay(stage, play), ANTHROPIC_API_KEY: "key" };
  return opencodeAgent({ ...stage.deps(agents, env), now: () => now }, { longestPauseMs });
}

const now = Date.parse("2026-11-21T14:00:00Z");
const longestPauseMs = 1_000;

const folder = fileURLToPath(new URL("./fixtures/opencode", import.meta.url));

test.each([
  ["edited", 0, { is: "completed", said: "The moon it is." }],
  ["wrong-key", 1, { is: "failed", kind: "auth" }],
  ["rate-limited", 1, { is: "failed", kind: "rate_limit" }],
  ["no-server", 1, { is: "failed", kind: "overloaded" }],
  ["outgrown", 1, { is: "failed", kind: "context" }],
  ["lost-session", 1, { is: "failed", kind: "context" }],
  ["no-model", 1, { is: "failed", kind: "model", message: /nobody\/none/ }],
])("the recording %s, which exits with %d, is %o", async (name, exit, outcome) => {
  await using stage = await setStage();
  const hangs = ["rate-limited", "no-server", "outgrown"].includes(name);
  const agent = await agentOf(stage, { steps: [], recording: { folder, name, exit }, hangs });
  const played = await stage.run(agent, name === "lost-session" ? { session: "ses_lost" } : {});
  const { message, ...rest } = { message: /./, ...outcome };
  expect(played.outcome).toMatchObject(rest);
  expect("message" in played.outcome ? played.outcome.message : ".").toMatch(message);
});

test("a refusal after which it waits for long ends the turn, for it may wait for hours", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    steps: [],
    recording: { folder, name: "told-to-wait", exit: 0 },
    hangs: true,
  });
  const { outcome, events } = await stage.run(agent);
  const words = "Rate limit reached for gpt-5. Please try again in 1h0m0s.";
  expect(outcome).toEqual({
    is: "failed",
    kind: "rate_limit",
    message: `opencode: ${words}`,
    resetAt: now + 3_600_000,
  });
  expect(events.filter(({ type }) => type === "retry")).toEqual([
    { type: "retry", message: `a model call failed: ${words}` },
  ]);
});

test("a refusal after which it calls again is waited for", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    steps: [],
    recording: { folder, name: "called-again", exit: 0 },
    hangs: true,
  });
  const { outcome } = await stage.run(agent, { stallMs: 3 * longestPauseMs });
  expect(outcome.is).toBe("stalled");
});

test("is completed by its last word, even if the program does not end", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    steps: [],
    recording: { folder, name: "edited", exit: 0 },
    hangs: true,
  });
  const { outcome } = await stage.run(agent, { stallMs: 1_500 });
  expect(outcome).toEqual({ is: "completed", said: "The moon it is." });
});

test("says what is wrong with an installation", async () => {
  await using stage = await setStage();
  const { signal } = new AbortController();
  const agents = { opencode: { command: "no-such-opencode", args: [] } };
  const missing = opencodeAgent(stage.deps(agents));
  expect(await missing.probe(signal)).toMatchObject({
    command: null,
    problems: [
      { what: expect.stringContaining("not installed") },
      { what: expect.stringContaining("not signed in") },
    ],
  });
  expect((await stage.run(missing)).outcome).toMatchObject({ is: "failed", kind: "spawn" });
  const broken = await agentOf(stage, { steps: [], broken: true });
  expect(await broken.probe(signal)).toMatchObject({
    version: null,
    problems: [{ what: expect.stringContaining("Illegal instruction") }],
  });
  expect((await stage.run(broken)).outcome).toMatchObject({ is: "failed", kind: "spawn" });
  const good = await agentOf(stage, { steps: [] });
  expect(await good.probe(signal)).toEqual({ command: fake, version: "1.18.33", problems: [] });
});
