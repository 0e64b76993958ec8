import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AgentEvent } from "../ports.ts";
import { describeAgent } from "./agent-contract.ts";
import { setStage, type Stage } from "./agent-stage.ts";
import { claudeAgent } from "./claude.ts";
import { callsOf, promptOf } from "./fake-play.ts";
import recordedRuns from "./fixtures/claude-2.1.329.json" with { type: "json" };
import { fakeClaude, playing, usage } from "./fixtures/play-claude.ts";

type Recorded = keyof typeof recordedRuns;

describeAgent("claude", {
  resumes: true,
  make: async (steps, stage) => claudeAgent(await playing(stage, { steps })),
});

test("gets the prompt in no command line, a session id of ours, and what config asks for", async () => {
  await using stage = await setStage();
  const deps = await playing(stage, { steps: [{ say: "done" }] });
  deps.config.agents.claude = { ...deps.config.agents.claude, model: "sonnet", args: ["--ide"] };
  const { outcome, events } = await stage.run(claudeAgent(deps), { prompt: "The secret\nplan" });
  expect(outcome).toEqual({ is: "completed", said: "done" });
  expect(await promptOf(stage)).toBe("The secret\nplan");
  const call = (await callsOf(stage)).at(-1) ?? [];
  const [session] = events;
  expect(session).toEqual({ type: "session", id: call[call.indexOf("--session-id") + 1] });
  expect(call.slice(-3)).toEqual(["--model", "sonnet", "--ide"]);
  expect(call.join(" ")).not.toContain("plan");
});

test("is completed by its result, even if the program does not end", async () => {
  await using stage = await setStage();
  const agent = claudeAgent(
    await playing(stage, { steps: [{ say: "done" }], hangsAfterResult: true }),
  );
  expect((await stage.run(agent)).outcome).toEqual({ is: "completed", said: "done" });
});

describe("of what the real one has printed,", () => {
  test("a turn that edits, runs and ends is told event by event", async () => {
    await using stage = await setStage();
    const { outcome, events } = await replay(stage, "first");
    expect(outcome).toEqual({ is: "completed", said: "Done one." });
    expect(events.filter(({ type }) => type !== "tool")).toEqual([
      { type: "session", id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      { type: "usage_so_far", tokens: 1_511 },
      { type: "tool_ended", name: "Read", ok: true },
      { type: "tool_ended", name: "Edit", ok: true },
      { type: "usage_so_far", tokens: 2 * 1_511 },
      { type: "tool_ended", name: "Bash", ok: false },
      { type: "usage_so_far", tokens: 3 * 1_511 },
      { type: "text", text: "Done one." },
      usage(3),
    ]);
    expect(events).toContainEqual({
      type: "tool",
      name: "Bash",
      input: '{"command":"echo hi; exit 3"}',
    });
  });

  test("cumulative costs and tokens are counted once, also those of a turn that was killed", async () => {
    await using stage = await setStage();
    const first = await replay(stage, "first");
    const [session] = first.events;
    expect(first.events.at(-1)).toEqual(usage(3));
    expect((await replay(stage, "resume", session)).events.at(-1)).toEqual(usage(1));

    const killed = await replay(stage, "killed");
    expect(killed.events.filter(({ type }) => type === "usage")).toEqual([]);
    const [other] = killed.events;
    // The call that was cut off is in nobody's account; the one before it is.
    expect((await replay(stage, "after-killed", other)).events.at(-1)).toEqual(usage(2));
  });

  test("of a session that began elsewhere the run's own account counts", async () => {
    await using stage = await setStage();
    const session = { type: "session" as const, id: "01234567-89ab-4cde-8f01-23456789abcd" };
    expect((await replay(stage, "resume", session)).events.at(-1)).toEqual(usage(1));
  });

  test.each<[kind: string, run: Recorded, words: RegExp]>([
    ["auth", "e401", /Invalid API key/],
    ["auth", "nokey", /Not logged in/],
    ["rate_limit", "e429", /\(429\) · Number of requests exceeded/],
    ["rate_limit", "e402", /Credit balance is too low/],
    ["overloaded", "e529", /529 Overloaded/],
    ["overloaded", "dead", /ECONNREFUSED/],
    ["context", "ctx", /Prompt is too long/],
    ["context", "lost", /No conversation found/],
    ["model", "e400", /400 tools\.0: bad/],
    ["protocol", "again-id", /exited with 1 without a result: .* already in use/],
  ])("a failure is of kind %s: %s", async (kind, run, words) => {
    await using stage = await setStage();
    const { outcome, events } = await replay(stage, run);
    expect(outcome).toEqual({ is: "failed", kind, message: expect.stringMatching(words) });
    expect(events.filter(({ type }) => type === "usage")).toEqual([]);
  });

  test("a model call that is tried again is told of", async () => {
    await using stage = await setStage();
    expect((await replay(stage, "e429")).events).toContainEqual({
      type: "retry",
      message: "model call failed (429 rate_limit), again in 3 s (1 of 1)",
    });
  });

  test("the person's own limit of turns ends an attempt", async () => {
    await using stage = await setStage();
    expect((await replay(stage, "max-turns")).outcome).toEqual({
      is: "limit",
      of: "turns",
      said: "",
    });
  });
});

test("an older version's account of each run is taken as it is", async () => {
  await using stage = await setStage();
  const { exit, stderr, lines } = recordedRuns.resume;
  const older = lines.map((line) => ({
    ...line,
    modelUsage: undefined,
    model_usage_since_last_result: undefined,
    total_cost_usd: 0.00499,
  }));
  const deps = await playing(stage, { steps: [], recorded: { exit, stderr, lines: older } });
  for (let run = 0; run < 2; run++)
    expect((await stage.run(claudeAgent(deps), { session: "s" })).events.at(-1)).toEqual(usage(1));
});

test("thoughts, subagents' words and refused permissions are told as what they are", async () => {
  await using stage = await setStage();
  const says = (content: object, parent_tool_use_id: string | null) => ({
    type: "assistant",
    message: { role: "assistant", model: "mock", content: [content] },
    parent_tool_use_id,
  });
  const lines = [
    says({ type: "thinking", thinking: "Hm.", signature: "s" }, null),
    says({ type: "text", text: "I am only a helper." }, "toolu_1"),
    says({ type: "text", text: "Done." }, null),
    {
      type: "result",
      subtype: "success",
      is_error: false,
      permission_denials: [{ tool_name: "WebFetch", tool_use_id: "t", tool_input: {} }],
    },
  ];
  const deps = await playing(stage, { steps: [], recorded: { exit: 0, stderr: "", lines } });
  const { outcome, events } = await stage.run(claudeAgent(deps));
  expect(outcome).toEqual({ is: "completed", said: "Done." });
  expect(events).toEqual([
    { type: "thinking", text: "Hm." },
    { type: "text", text: "Done." },
    { type: "diagnostic", text: "Permission denied: WebFetch" },
  ]);
});

test("silence while a model call is tried again is the provider's", async () => {
  await using stage = await setStage();
  const retry = { type: "system", subtype: "api_retry", error_status: 429, error: "rate_limit" };
  const agent = claudeAgent(
    await playing(stage, {
      steps: [{ raw: JSON.stringify(retry) }, { hang: true, deaf: false }],
    }),
  );
  expect((await stage.run(agent, { stallMs: 1_500 })).outcome).toMatchObject({
    is: "failed",
    kind: "rate_limit",
  });
});

test("says what is wrong with an installation or a login", async () => {
  await using stage = await setStage();
  const { signal } = new AbortController();
  const missing = claudeAgent(stage.deps({ claude: { command: "no-such-claude", args: [] } }));
  expect(await missing.probe(signal)).toMatchObject({
    command: null,
    problems: [{ what: 'Claude Code ("no-such-claude") is not installed' }],
  });
  expect((await stage.run(missing)).outcome).toMatchObject({ is: "failed", kind: "spawn" });

  const stub = claudeAgent(await playing(stage, { steps: [], isStub: true }));
  expect(await stub.probe(signal)).toMatchObject({
    version: null,
    problems: [{ tryThis: expect.stringContaining("platform package") }],
  });
  expect((await stage.run(stub)).outcome).toMatchObject({ is: "failed", kind: "spawn" });

  const deps = await playing(stage, { steps: [] });
  const ready = { command: fakeClaude, version: "2.1.329", problems: [] };
  expect(await claudeAgent(deps).probe(signal)).toEqual(ready);

  const noKey = claudeAgent({ ...deps, env: { ...deps.env, ANTHROPIC_API_KEY: undefined } });
  const notSignedIn = { problems: [{ what: "Claude Code is not signed in" }] };
  expect(await noKey.probe(signal)).toMatchObject(notSignedIn);
  // Where it has never run, it is not asked.
  const home = join(stage.folder, "home");
  await mkdir(join(home, ".claude"));
  await writeFile(join(home, ".claude/settings.json"), '{ "apiKeyHelper": "pass key" }');
  expect(await noKey.probe(signal)).toEqual(ready);
  expect(await callsOf(stage)).not.toContainEqual(["auth", "status"]);
  await writeFile(join(home, ".claude.json"), "{}");
  expect(await noKey.probe(signal)).toMatchObject(notSignedIn);
  await writeFile(join(home, ".claude/.credentials.json"), "{}");
  expect(await noKey.probe(signal)).toEqual(ready);
});

/** Replays one turn; `session` takes up the one of that event. */
async function replay(stage: Stage, run: Recorded, session?: AgentEvent) {
  const recorded = recordedRuns[run];
  const agent = claudeAgent(await playing(stage, { steps: [], recorded }));
  return stage.run(agent, { session: session?.type === "session" ? session.id : null });
}
