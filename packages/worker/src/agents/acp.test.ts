import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { acpAgent } from "./acp.ts";
import { describeAgent, secret, setStage, type Stage, texts } from "./agent-contract.ts";
import type { FakeAcpPlay } from "./fixtures/fake-acp.ts";

const fake = fileURLToPath(new URL("./fixtures/fake-acp.ts", import.meta.url));

describeAgent("acp", { resumes: true, make: (steps, stage) => agentOf(stage, { steps }) });

test.each(["resume", "load"] as const)(
  "takes a session up by session/%s, and tells nothing of what was before",
  async (how) => {
    await using stage = await setStage();
    const agent = await agentOf(stage, {
      steps: [{ say: "done" }],
      ...(how === "load" ? { takesUp: "load" } : {}),
    });
    const { outcome, events } = await stage.run(agent, {
      session: "sess-fake-1",
      prompt: "Go on.",
    });
    expect(outcome).toEqual({ is: "completed", said: "done" });
    expect(texts(events)).toEqual(["done"]);
    expect((await callsOf(stage)).slice(0, 2)).toEqual([
      [how, "sess-fake-1"],
      ["prompt", [{ type: "text", text: "Go on." }]],
    ]);
  },
);

test.each<[string, FakeAcpPlay]>([
  ["does not know", { steps: [] }],
  ["cannot take up", { steps: [], takesUp: "never" }],
])("a session that the agent %s is left for a new one", async (_how, play) => {
  await using stage = await setStage();
  const agent = await agentOf(stage, play);
  expect((await stage.run(agent, { session: "sess-lost" })).outcome).toMatchObject({
    is: "failed",
    kind: "context",
    message: expect.stringContaining("sess-lost"),
  });
});

async function agentOf(stage: Stage, play: FakeAcpPlay, mode?: string) {
  const file = join(stage.folder, "play.json");
  await writeFile(file, JSON.stringify(play));
  const acp = { command: [fake], ...(mode === undefined ? {} : { mode }) };
  return acpAgent(stage.deps({ acp }, { FAKE_ACP: file }));
}

async function callsOf(stage: Stage): Promise<unknown[][]> {
  const lines = (await readFile(join(stage.folder, "play.json.calls"), "utf8")).trim().split("\n");
  const calls = lines.map((line) => JSON.parse(line) as unknown[]);
  return calls.filter(([what]) => what !== "arguments");
}

test("words that come in pieces are told in one, and a secret in two of them is none", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    steps: [{ say: `First ${secret}.` }, { say: "Second." }],
    pieces: 4,
  });
  const { outcome, events } = await stage.run(agent);
  expect(texts(events)).toEqual(["First [redacted].", "Second."]);
  expect(outcome).toEqual({ is: "completed", said: "Second." });
});

test("an abort is said in the protocol first", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, { steps: [{ run: "echo started; sleep 60" }] });
  const abort = new AbortController();
  const { outcome } = await stage.run(agent, {
    signal: abort.signal,
    onEvent: (event) => {
      if ("text" in event && event.text === "started") abort.abort();
    },
  });
  expect(outcome).toEqual({ is: "cancelled" });
  expect((await callsOf(stage)).map(([what]) => what)).toContain("cancel");
});

test("works in the mode that is asked for", async () => {
  await using stage = await setStage();
  await stage.run(await agentOf(stage, { steps: [] }, "yolo"));
  expect((await callsOf(stage))[0]).toEqual(["mode", "yolo"]);
});

test.each([
  [
    ["allow_always", "reject_once", "allow_once"],
    { outcome: "selected", optionId: "id-allow_once" },
  ],
  [["reject_once", "allow_always"], { outcome: "selected", optionId: "id-allow_always" }],
  [["reject_once"], { outcome: "cancelled" }],
] as const)("of the permissions %j it gives %j", async (asks, outcome) => {
  await using stage = await setStage();
  const agent = await agentOf(stage, { steps: [{ say: "done" }], asks: [...asks] });
  const { events } = await stage.run(agent);
  expect((await callsOf(stage))[1]).toEqual(["permission", { outcome }]);
  expect(texts(events)[0]).toMatch(/^permission (granted|refused): rm -rf build$/);
});

test("tells the tokens of the turn, and what the session has cost since the turn before", async () => {
  await using stage = await setStage();
  const usage = {
    inputTokens: 10,
    outputTokens: 5,
    totalTokens: 21,
    thoughtTokens: 2,
    cachedReadTokens: 3,
    cachedWriteTokens: 1,
  };
  const first = await agentOf(stage, { steps: [{ say: "a" }], usage, cost: 0.25 });
  const told = { inputTokens: 10, outputTokens: 7, cacheReadTokens: 3, cacheWriteTokens: 1 };
  expect((await stage.run(first)).events.at(-1)).toEqual({
    type: "usage",
    ...told,
    usd: 0.25,
    source: "reported",
  });
  const second = await agentOf(stage, { steps: [{ say: "b" }], usage, cost: 0.75 });
  const { events } = await stage.run(second, { session: "sess-fake-1" });
  expect(events.at(-1)).toMatchObject({ ...told, usd: 0.5 });
});

test("tells no usage when the agent tells none", async () => {
  await using stage = await setStage();
  const { events } = await stage.run(await agentOf(stage, { steps: [{ say: "a" }], cost: 0 }));
  expect(events.filter(({ type }) => type === "usage")).toEqual([]);
});

test.each<[string, string, FakeAcpPlay]>([
  ["auth", "Authentication required", { steps: [], wantsLogin: true }],
  [
    "auth",
    "Incorrect API key provided",
    {
      steps: [],
      promptFails: { code: -32603, message: "Internal error: Incorrect API key provided" },
    },
  ],
  [
    "rate_limit",
    "rate_limit",
    {
      steps: [],
      promptFails: { code: -32603, message: "Internal error", data: { errorKind: "rate_limit" } },
    },
  ],
  ["overloaded", "Overloaded", { steps: [], promptFails: { code: -32603, message: "Overloaded" } }],
  ["model", "refused", { steps: [], stopReason: "refusal" }],
  ["model", "without a word", { steps: [] }],
  ["spawn", "version 2", { steps: [], version: 2 }],
])("a failure of kind %s: %s", async (kind, words, play) => {
  await using stage = await setStage();
  const { outcome } = await stage.run(await agentOf(stage, play));
  expect(outcome).toMatchObject({
    is: "failed",
    kind,
    message: expect.stringMatching(new RegExp(words)),
  });
});

test("says what is missing", async () => {
  await using stage = await setStage();
  const { signal } = new AbortController();
  const none = acpAgent(stage.deps());
  expect(await none.probe(signal)).toMatchObject({
    command: null,
    problems: [{ what: "no ACP agent is configured" }],
  });
  expect((await stage.run(none)).outcome).toMatchObject({ is: "failed", kind: "spawn" });
  const gone = acpAgent(stage.deps({ acp: { command: ["no-such-agent", "--acp"] } }));
  expect(await gone.probe(signal)).toMatchObject({
    command: null,
    problems: [{ what: '"no-such-agent" is not installed' }],
  });
  expect(await (await agentOf(stage, { steps: [] })).probe(signal)).toEqual({
    command: fake,
    version: null,
    problems: [],
  });
});
