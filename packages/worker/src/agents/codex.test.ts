import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { AgentEvent, TokenUsage } from "../ports.ts";
import { describeAgent } from "./agent-contract.ts";
import { setStage, type Stage } from "./agent-stage.ts";
import { codexAgent } from "./codex.ts";
import { callsOf, promptOf, writePlay } from "./fake-play.ts";
import recordedRuns from "./fixtures/codex-0.169.0.json" with { type: "json" };
import type { FakeCodexPlay } from "./fixtures/fake-codex.ts";

const fakeCodex = fileURLToPath(new URL("./fixtures/fake-codex.ts", import.meta.url));
type Recorded = keyof typeof recordedRuns;

describeAgent("codex", {
  resumes: true,
  make: async (steps, stage) => codexAgent(await playing(stage, { steps })),
});

test("gets the prompt in no command line, and what config asks for before it resumes", async () => {
  await using stage = await setStage();
  const deps = await playing(stage, { steps: [{ say: "done" }] });
  deps.config.agents.codex = { ...deps.config.agents.codex, model: "gpt-5", args: ["--oss"] };
  const agent = codexAgent(deps);
  const { outcome, events } = await stage.run(agent, { prompt: "The secret\nplan" });
  expect(outcome).toEqual({ is: "completed", said: "done" });
  expect(await promptOf(stage)).toBe("The secret\nplan");
  await stage.run(agent, { session: sessionOf(events) });
  const options = ["exec", "--json", "--sandbox", "danger-full-access", "--skip-git-repo-check"];
  options.push("--model", "gpt-5", "--oss");
  expect(await callsOf(stage)).toEqual([
    [...options, "-"],
    [...options, "resume", sessionOf(events), "-"],
  ]);
});

test("is completed by the end of its turn, even if the program does not end", async () => {
  await using stage = await setStage();
  const agent = codexAgent(
    await playing(stage, { steps: [{ say: "done" }], hangsAfterTurn: true }),
  );
  expect((await stage.run(agent)).outcome).toEqual({ is: "completed", said: "done" });
});

test("silence before a refused model call is tried again is the provider's fault", async () => {
  await using stage = await setStage();
  const agent = codexAgent(await playing(stage, { steps: [], isRefused: true }));
  expect((await stage.run(agent, { stallMs: 3_000 })).outcome).toEqual({
    is: "failed",
    kind: "rate_limit",
    message: expect.stringMatching(/^Codex: waits to call its model again: .* 429 Too Many/),
  });
});

test("a network that does not come back is the provider's fault, and not waited for", async () => {
  await using stage = await setStage();
  const agent = codexAgent(await playing(stage, { steps: [], isOffline: true }));
  const { outcome, events } = await stage.run(agent);
  expect(outcome).toEqual({
    is: "failed",
    kind: "overloaded",
    message: "Codex: there is no network, or its provider cannot be reached",
  });
  expect(events).toContainEqual({
    type: "retry",
    message: expect.stringContaining("waiting for network"),
  });
});

test("cumulative tokens are counted once, also those of a turn that crashed", async () => {
  await using stage = await setStage();
  const play = (steps: FakeCodexPlay["steps"]) => playing(stage, { steps });
  const first = await stage.run(codexAgent(await play([{ say: "a" }, { say: "b" }])));
  expect(usages(first.events)).toEqual([usage(2)]);
  const session = sessionOf(first.events);

  const crashed = await stage.run(codexAgent(await play([{ say: "c" }, { exit: 3 }])), { session });
  expect(usages(crashed.events)).toEqual([]);
  // A new adapter, as after a restart of the worker.
  const third = await stage.run(codexAgent(await play([{ say: "d" }])), { session });
  expect(usages(third.events)).toEqual([usage(3)]);

  await rm(join(stage.folder, "state"), { recursive: true });
  const elsewhere = await stage.run(codexAgent(await play([{ say: "e" }])), { session });
  expect(usages(elsewhere.events)).toEqual([]);
  expect(elsewhere.events).toContainEqual({
    type: "diagnostic",
    text: expect.stringContaining("not known"),
  });
  const next = await stage.run(codexAgent(await play([{ say: "f" }])), { session });
  expect(usages(next.events)).toEqual([usage(1)]);
});

test("what a turn uses is told while it runs, and once, by whatever ways it is known", async () => {
  await using stage = await setStage();
  const play = (steps: FakeCodexPlay["steps"]) => playing(stage, { steps, keepsThread: true });
  const abort = new AbortController();
  const told: AgentEvent[] = [];
  const onEvent = (event: AgentEvent) => {
    told.push(event);
    if (sumOf(told).inputTokens === usage(2).inputTokens) abort.abort();
  };
  const hanging = codexAgent(await play([{ run: "true" }, { hang: true, deaf: false }]));
  const first = await stage.run(hanging, { signal: abort.signal, onEvent });
  expect(first.outcome).toEqual({ is: "cancelled" });
  const session = sessionOf(first.events);
  // A new adapter, as after a restart of the worker.
  const crashed = await stage.run(codexAgent(await play([{ say: "c" }, { exit: 3 }])), { session });
  const third = await stage.run(codexAgent(await play([{ say: "d" }, { run: "true" }])), {
    session,
  });
  expect([first, crashed, third].map(({ events }) => sumOf(events))).toEqual([
    usage(2),
    usage(2),
    usage(2),
  ]);

  await rm(join(stage.folder, "state"), { recursive: true });
  const elsewhere = await stage.run(codexAgent(await play([{ say: "e" }])), { session });
  expect(sumOf(elsewhere.events)).toEqual(usage(1));
});

describe("of what the real one has printed,", () => {
  test("a turn that edits, runs and ends is told event by event", async () => {
    await using stage = await setStage();
    const { outcome, events } = await replay(stage, "first");
    expect(outcome).toEqual({ is: "completed", said: "Done one." });
    expect(events).toEqual([
      { type: "session", id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      { type: "diagnostic", text: expect.stringContaining("Model metadata") },
      { type: "tool", name: "edit", input: "update /worktree/a.txt" },
      { type: "tool_ended", name: "edit", ok: true },
      { type: "tool", name: "shell", input: "/bin/bash -lc 'echo hi; exit 3'" },
      { type: "tool_ended", name: "shell", ok: false },
      { type: "text", text: "Done one." },
      usage(3),
    ]);
    const session = sessionOf(events);
    expect(usages((await replay(stage, "resume", session)).events)).toEqual([usage(1)]);
  });

  test("what a killed turn has used is counted by the next", async () => {
    await using stage = await setStage();
    const killed = await replay(stage, "killed");
    expect(usages(killed.events)).toEqual([]);
    const after = await replay(stage, "after-killed", sessionOf(killed.events));
    expect(usages(after.events)).toEqual([usage(2)]);
  });

  test.each<[kind: string, run: Recorded, words: RegExp]>([
    ["auth", "e401", /signed out: run `codex login` .*401 Unauthorized/],
    ["auth", "nokey", /Missing environment variable: `MOCK_KEY`/],
    ["rate_limit", "e429", /429 Too Many Requests/],
    ["rate_limit", "usage", /hit your usage limit/],
    ["overloaded", "e503", /503 Service Unavailable/],
    ["context", "ctx", /ran out of room/],
    ["context", "lost", /no rollout found/],
    ["model", "e400", /Codex: bad$/],
  ])("a failure is of kind %s: %s", async (kind, run, words) => {
    await using stage = await setStage();
    const { outcome, events } = await replay(stage, run);
    expect(outcome).toEqual({ is: "failed", kind, message: expect.stringMatching(words) });
    expect(usages(events)).toEqual([]);
  });
});

test("thoughts, searches and tools of others are told as what they are", async () => {
  await using stage = await setStage();
  const item = (fields: object) => ({ type: "item.completed", item: { id: "i", ...fields } });
  const lines = [
    item({ type: "reasoning", text: "Hm." }),
    item({ type: "web_search", query: "slugs" }),
    item({
      id: "j",
      type: "mcp_tool_call",
      server: "db",
      tool: "query",
      arguments: { sql: "select 1" },
      status: "failed",
    }),
    item({ type: "something_new" }),
    { type: "turn.completed" },
  ];
  const deps = await playing(stage, { steps: [], recorded: { exit: 0, stderr: "", lines } });
  const { outcome, events } = await stage.run(codexAgent(deps));
  expect(outcome).toEqual({ is: "completed", said: "" });
  expect(events).toEqual([
    { type: "thinking", text: "Hm." },
    { type: "tool", name: "web_search", input: "slugs" },
    { type: "tool_ended", name: "web_search", ok: true },
    { type: "tool", name: "db.query", input: '{"sql":"select 1"}' },
    { type: "tool_ended", name: "db.query", ok: false },
  ]);
});

test("says what is wrong with an installation or a login", async () => {
  await using stage = await setStage();
  const { signal } = new AbortController();
  const sandbox = "danger-full-access" as const;
  const missing = codexAgent(
    stage.deps({ codex: { command: "no-such-codex", sandbox, args: [] } }),
  );
  expect(await missing.probe(signal)).toMatchObject({
    command: null,
    problems: [
      { what: 'the Codex CLI ("no-such-codex") is not installed' },
      { what: "Codex is not signed in" },
    ],
  });
  expect((await stage.run(missing)).outcome).toMatchObject({ is: "failed", kind: "spawn" });

  const deps = await playing(stage, { steps: [] });
  const ready = { command: fakeCodex, version: "0.169.0", problems: [] };
  expect(await codexAgent(deps).probe(signal)).toEqual(ready);

  const noKey = codexAgent({ ...deps, env: { ...deps.env, CODEX_API_KEY: undefined } });
  expect(await noKey.probe(signal)).toMatchObject({
    problems: [{ what: "Codex is not signed in", tryThis: expect.stringContaining("codex login") }],
  });
  const home = join(stage.folder, "home/.codex");
  await mkdir(home);
  await writeFile(join(home, "config.toml"), 'model_provider = "mine"\n');
  expect(await noKey.probe(signal)).toEqual(ready);
  await writeFile(join(home, "config.toml"), 'model = "gpt-5"\n');
  expect(await noKey.probe(signal)).not.toEqual(ready);
  await writeFile(join(home, "auth.json"), "{}");
  expect(await noKey.probe(signal)).toEqual(ready);
});

/** Replays one turn. */
async function replay(stage: Stage, run: Recorded, session: string | null = null) {
  const recorded = recordedRuns[run];
  return stage.run(codexAgent(await playing(stage, { steps: [], recorded })), { session });
}

function sessionOf(events: AgentEvent[]): string | null {
  return events.find((event) => event.type === "session")?.id ?? null;
}

function usages(events: AgentEvent[]): AgentEvent[] {
  return events.filter(({ type }) => type === "usage");
}

function sumOf(events: AgentEvent[]): TokenUsage {
  const sum = { ...usage(0) };
  for (const event of events) {
    if (event.type !== "usage") continue;
    sum.inputTokens += event.inputTokens;
    sum.outputTokens += event.outputTokens;
    sum.cacheReadTokens += event.cacheReadTokens;
  }
  return sum;
}

/** What so many calls of the model have cost. */
function usage(calls: number): TokenUsage {
  return {
    type: "usage",
    inputTokens: 1_000 * calls,
    outputTokens: 42 * calls,
    cacheReadTokens: 500 * calls,
    cacheWriteTokens: 0,
    usd: null,
    source: "reported",
  };
}

async function playing(stage: Stage, play: FakeCodexPlay) {
  return stage.deps(
    { codex: { command: fakeCodex, sandbox: "danger-full-access", args: [] } },
    { FAKE_CODEX: await writePlay(stage, play), CODEX_API_KEY: "key" },
  );
}
