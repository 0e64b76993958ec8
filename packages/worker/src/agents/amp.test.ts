import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { describeAgent } from "./agent-contract.ts";
import { setStage, type Stage } from "./agent-stage.ts";
import { ampFailureKind } from "./amp-failure.ts";
import { ampAgent } from "./amp.ts";
import { callsOf, promptOf, writePlay } from "./fake-play.ts";
import type { FakeAmpPlay } from "./fixtures/fake-amp.ts";

const fakeAmp = fileURLToPath(new URL("./fixtures/fake-amp.ts", import.meta.url));
const thread = "T-01a1fd0b-eb76-72bc-916b-12504cc354f2";

for (const generation of ["js", "native"] as const) {
  describeAgent(`amp (${generation})`, {
    resumes: true,
    make: (steps, stage) => agentOf(stage, { generation, steps }),
  });
}

describe.each(["js", "native"] as const)("the %s generation", (generation) => {
  test("opens a thread and prompts it, with the prompt in no command line", async () => {
    await using stage = await setStage();
    const agent = await agentOf(stage, { generation, steps: [{ say: "done" }] });
    const { outcome, events } = await stage.run(agent, { prompt: "The secret\nplan" });
    expect(outcome).toEqual({ is: "completed", said: "done" });
    expect(events[0]).toEqual({ type: "session", id: thread });
    expect(await promptOf(stage)).toBe("The secret\nplan");
    expect(JSON.stringify(await callsOf(stage))).not.toContain("plan");
  });

  test("takes a thread up again and opens no other", async () => {
    await using stage = await setStage();
    const agent = await agentOf(stage, { generation, steps: [{ say: "done" }] });
    await stage.run(agent);
    expect((await stage.run(agent, { session: thread })).outcome).toEqual({
      is: "completed",
      said: "done",
    });
    expect((await callsOf(stage)).filter(([, verb]) => verb === "new")).toHaveLength(1);
  });

  test("is asked for its options once", async () => {
    await using stage = await setStage();
    const agent = await agentOf(stage, { generation, steps: [] });
    await stage.run(agent);
    await stage.run(agent, { session: thread });
    expect((await callsOf(stage)).filter(([option]) => option === "--help")).toHaveLength(1);
  });
});

test("gives the mode, further arguments, and settings with the person's own beneath ours", async () => {
  await using stage = await setStage();
  const deps = await playing(stage, {
    generation: "js",
    steps: [{ run: "cat $(ls -d $TMPDIR/amp-settings.json) > ../settings.json" }],
  });
  await mkdir(join(stage.folder, "home/.config/amp"), { recursive: true });
  const theirs = { "amp.mcpServers": { mine: {} }, "amp.updates.mode": "auto" };
  await writeFile(join(stage.folder, "home/.config/amp/settings.json"), JSON.stringify(theirs));
  deps.config.agents.amp = { ...deps.config.agents.amp, mode: "rush", args: ["--archive"] };
  await stage.run(ampAgent(deps));
  expect((await callsOf(stage)).at(-1)?.join(" ")).toContain("--mode rush --archive");
  expect(JSON.parse(await readFile(join(stage.folder, "settings.json"), "utf8"))).toEqual({
    "amp.mcpServers": { mine: {} },
    "amp.updates.mode": "disabled",
    "amp.git.commit.ampThread.enabled": false,
    "amp.git.commit.coauthor.enabled": false,
  });
});

test("reports the tools that are used", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    generation: "js",
    steps: [{ write: "a.txt", content: "", executable: false }],
  });
  const { events } = await stage.run(agent);
  expect(events).toContainEqual({
    type: "tool",
    name: "write",
    input: '{"write":"a.txt","content":"","executable":false}',
  });
  expect(events).toContainEqual({ type: "tool_ended", name: "write", ok: true });
});

test("is completed by its result, even if the program does not end", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    generation: "js",
    steps: [{ say: "done" }],
    hangsAfterResult: true,
  });
  expect((await stage.run(agent)).outcome).toEqual({ is: "completed", said: "done" });
});

test.each([
  [
    "rate_limit",
    '429 {"type":"error","error":{"type":"rate_limit_error","message":"Number of requests has exceeded your rate limit"}}',
  ],
  [
    "rate_limit",
    '402 {"type":"error","error":{"type":"billing_error","message":"out of credits"}}',
  ],
  ["overloaded", "Model Provider Overloaded Try again in a few seconds."],
  ["overloaded", "Connection error."],
  [
    "context",
    "Context Limit Reached This conversation has reached the context window limit. Start a new thread or use Handoff to continue with relevant context.",
  ],
  ["auth", "Unauthorized Check your access token."],
  ["model", "Something else that the model said"],
])("a result that is an error is a failure of kind %s: %s", async (kind, resultError) => {
  await using stage = await setStage();
  const agent = await agentOf(stage, { generation: "js", steps: [], resultError });
  expect((await stage.run(agent)).outcome).toEqual({
    is: "failed",
    kind,
    message: expect.stringContaining(resultError),
  });
});

test.each([
  ["auth", { newThreadFails: "API request for getThread failed: 401" }],
  ["overloaded", { newThreadFails: "Cannot reach Amp servers. Are you offline?" }],
  ["auth", { startFails: "Invalid or missing API key. Run 'amp login' to authenticate." }],
  ["overloaded", { startFails: "Couldn't connect to the Amp server at http://127.0.0.1:9." }],
  ["protocol", { startFails: "Invalid thread URL or ID: notathread" }],
  ["context", { startFails: "Thread T-11111111-89ab-4cde-8f01-23456789abcd does not exist." }],
  ["context", { startFails: "This thread is archived and cannot be continued." }],
] as const)("an end without a result is a failure of kind %s: %o", async (kind, how) => {
  await using stage = await setStage();
  const agent = await agentOf(stage, { generation: "js", steps: [], ...how });
  const words = Object.values(how)[0];
  expect((await stage.run(agent)).outcome).toEqual({
    is: "failed",
    kind,
    message: expect.stringContaining(`exited with 1 without a result: Error: ${words}`),
  });
});

test("without a key it does not start, for Amp would wait for a login for ever", async () => {
  await using stage = await setStage();
  const deps = await playing(stage, { generation: "js", steps: [] });
  const agent = ampAgent({ ...deps, env: { ...deps.env, AMP_API_KEY: undefined } });
  expect((await stage.run(agent)).outcome).toEqual({
    is: "failed",
    kind: "auth",
    message: expect.stringMatching(/^Amp: signed out: run `amp login` .*AMP_API_KEY is not set/),
  });
  expect(await agent.probe(new AbortController().signal)).toMatchObject({
    version: "0.0.1777266064-g47b6f7",
    problems: [
      {
        what: expect.stringContaining("not signed in"),
        tryThis: expect.stringContaining("amp login"),
      },
    ],
  });
});

test("a login of its user's is one; where it is none after all, the turn does not wait for another", async () => {
  await using stage = await setStage();
  const deps = await playing(stage, { generation: "js", steps: [{ say: "done" }] });
  const folder = join(stage.folder, "home/.local/share/amp");
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "secrets.json"),
    JSON.stringify({ "apiKey@https://ampcode.com/": "sgamp_1" }),
  );
  const agent = ampAgent({ ...deps, env: { ...deps.env, AMP_API_KEY: undefined } });
  expect((await agent.probe(new AbortController().signal)).problems).toEqual([]);
  expect((await stage.run(agent)).outcome).toEqual({
    is: "failed",
    kind: "auth",
    message: expect.stringMatching(/^Amp: signed out: run `amp login`/),
  });
});

test("tells what each model call has used when it has ended", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    generation: "js",
    steps: [{ run: "true" }, { say: "yes" }],
  });
  const { events } = await stage.run(agent);
  const usage = {
    type: "usage",
    inputTokens: 1_002,
    outputTokens: 42,
    cacheReadTokens: 500,
    cacheWriteTokens: 10,
    usd: null,
    source: "summed",
  };
  const told = events.filter(({ type }) => ["usage", "tool", "tool_ended", "text"].includes(type));
  expect(told).toEqual([
    expect.objectContaining({ type: "tool" }),
    usage,
    expect.objectContaining({ type: "tool_ended" }),
    { type: "text", text: "yes" },
    usage,
  ]);
});

test("a limit that ends at a time is told with it", async () => {
  await using stage = await setStage();
  const resultError =
    "You've exceeded your usage quota of $10 per day. Your quota will reset in 3 hours. Contact your administrator.";
  const deps = await playing(stage, { generation: "js", steps: [], resultError });
  const now = Date.parse("2026-11-21T14:00:00Z");
  const { outcome } = await stage.run(ampAgent({ ...deps, now: () => now }));
  expect(outcome).toMatchObject({ kind: "rate_limit", resetAt: now + 3 * 3_600_000 });
});

test("says what is wrong with an installation", async () => {
  await using stage = await setStage();
  const { signal } = new AbortController();
  const missing = ampAgent(
    stage.deps({ amp: { command: "no-such-amp", args: [] } }, { AMP_API_KEY: "key" }),
  );
  expect(await missing.probe(signal)).toMatchObject({
    command: null,
    problems: [{ what: 'the Amp CLI ("no-such-amp") is not installed' }],
  });
  expect((await stage.run(missing)).outcome).toMatchObject({ is: "failed", kind: "spawn" });

  const stub = await agentOf(stage, { generation: "stub", steps: [] });
  expect(await stub.probe(signal)).toMatchObject({
    command: fakeAmp,
    version: null,
    problems: [{ tryThis: expect.stringContaining("platform package") }],
  });
  expect((await stage.run(stub)).outcome).toMatchObject({
    is: "failed",
    kind: "spawn",
    message: expect.stringContaining("native binary not installed"),
  });

  const good = await agentOf(stage, { generation: "native", steps: [] });
  expect(await good.probe(signal)).toEqual({
    command: fakeAmp,
    version: "0.0.1777266064-g47b6f7",
    problems: [],
  });
});

test("knows no cause in words that tell none", () => {
  expect(ampFailureKind("tests failed in 4012 ms")).toBeUndefined();
});

async function agentOf(stage: Stage, play: FakeAmpPlay) {
  return ampAgent(await playing(stage, play));
}

async function playing(stage: Stage, play: FakeAmpPlay) {
  return stage.deps(
    { amp: { command: fakeAmp, args: [] } },
    { FAKE_AMP: await writePlay(stage, play), AMP_API_KEY: "key" },
  );
}
