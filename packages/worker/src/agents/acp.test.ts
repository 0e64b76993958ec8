import { fileURLToPath } from "node:url";
import type { PermissionRequest } from "@ampx/core";
import { expect, test } from "vitest";
import type { AgentEvent } from "../ports.ts";
import { acpAgent } from "./acp.ts";
import { describeAgent } from "./agent-contract.ts";
import { secret, setStage, type Stage, texts } from "./agent-stage.ts";
import { callsOf, writePlay } from "./fake-play.ts";
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
    expect((await asksOf(stage)).slice(0, 2)).toEqual([
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
  const acp = { command: [fake], ...(mode === undefined ? {} : { mode }) };
  return acpAgent(stage.deps({ acp }, { FAKE_ACP: await writePlay(stage, play) }));
}

/** What was asked in the protocol. */
async function asksOf(stage: Stage): Promise<unknown[][]> {
  return (await callsOf(stage)).filter(([what]) => what !== "arguments");
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
  expect((await asksOf(stage)).map(([what]) => what)).toContain("cancel");
});

test("works in the mode that is asked for", async () => {
  await using stage = await setStage();
  await stage.run(await agentOf(stage, { steps: [] }, "yolo"));
  expect((await asksOf(stage))[0]).toEqual(["mode", "yolo"]);
});

test.each([
  [true, ["allow_always", "reject_once", "allow_once"], "id-allow_once"],
  [true, ["reject_once", "allow_always"], "id-allow_always"],
  [true, ["reject_once"], undefined],
  [false, ["allow_once", "reject_always", "reject_once"], "id-reject_once"],
  [false, ["allow_once", "reject_always"], "id-reject_always"],
  [false, ["allow_once"], undefined],
] as const)("whether it may (%j), it answers out of %j: %j", async (may, asks, optionId) => {
  await using stage = await setStage();
  const agent = await agentOf(stage, { steps: [{ say: "done" }], asks: [...asks] });
  const { events } = await stage.run(agent, {
    permit: async () => (may ? { is: "allowed" } : { is: "denied", why: "not yours" }),
  });
  const outcome =
    optionId === undefined ? { outcome: "cancelled" } : { outcome: "selected", optionId };
  expect((await asksOf(stage))[1]).toEqual(["permission", { outcome }]);
  expect(texts(events)[0]).toBe(
    may ? "permission granted: rm -rf build" : "permission refused: rm -rf build (not yours)",
  );
});

test("an agent that ends its turn when it is refused has said why", async () => {
  await using stage = await setStage();
  const play: FakeAcpPlay = {
    steps: [],
    asks: ["reject_once"],
    usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  };
  const { outcome } = await stage.run(await agentOf(stage, play), {
    permit: async () => ({ is: "denied", why: "not yours" }),
  });
  expect(outcome).toEqual({
    is: "completed",
    said: "It was refused: rm -rf build (not yours)",
  });
});

test.each<[FakeAcpPlay["wants"], PermissionRequest]>([
  [{ title: "Think" }, { tool: "tool", input: '"Think"', paths: [] }],
  [
    { name: "edit", kind: "edit", rawInput: { filePath: "a" }, locations: [{ path: "/b" }] },
    { tool: "edit", input: '{"filePath":"a"}', paths: ["/b", "a"] },
  ],
  [
    {
      kind: "edit",
      content: [{ type: "diff", path: "file:///c", newText: "x" }],
      locations: [{ path: "/c" }],
    },
    { tool: "edit", input: '"t"', paths: ["/c"] },
  ],
  [
    { kind: "other", rawInput: { command: "ls /" }, locations: [{ path: "/" }] },
    { tool: "tool", input: "ls /", paths: [] },
  ],
  [
    { kind: "execute", rawInput: { command: ["/bin/bash", "-lc", "ls | wc"] } },
    { tool: "execute", input: "ls | wc", paths: [] },
  ],
  [
    { kind: "execute", rawInput: { command: ["git", "status"] } },
    { tool: "execute", input: "git status", paths: [] },
  ],
  [
    { kind: "execute", title: `make ${secret}` },
    { tool: "execute", input: "make [redacted]", paths: [] },
  ],
])("of the tool %j it asks for %j", async (wants, request) => {
  await using stage = await setStage();
  const play: FakeAcpPlay = { steps: [{ say: "done" }], asks: ["allow_once"], wants: wants ?? {} };
  const asked: PermissionRequest[] = [];
  await stage.run(await agentOf(stage, play), {
    async permit(given) {
      asked.push(given);
      return { is: "allowed" };
    },
  });
  expect(asked).toEqual([request]);
});

test("an agent that waits for a person is not stalled, and can be aborted", async () => {
  await using stage = await setStage();
  const play: FakeAcpPlay = { steps: [{ say: "done" }], asks: ["allow_once"] };
  const abort = new AbortController();
  const { outcome } = await stage.run(await agentOf(stage, play), {
    signal: abort.signal,
    stallMs: 2_000,
    permit() {
      setTimeout(() => abort.abort(), 3_500);
      return new Promise(() => {});
    },
  });
  expect(outcome).toEqual({ is: "cancelled" });
  const cancelled = ["permission", { outcome: { outcome: "cancelled" } }];
  expect(await asksOf(stage)).toContainEqual(cancelled);
});

test("tells what the session has cost as it is told, and the tokens of the turn at its end", async () => {
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
  const tokens = { type: "usage", ...told, usd: 0, source: "reported" };
  expect(usagesIn((await stage.run(first)).events)).toEqual([spent(0.25), tokens]);
  const play: FakeAcpPlay = { steps: [{ say: "b" }], usage, costBefore: 0.5, cost: 0.75 };
  const { events } = await stage.run(await agentOf(stage, play), { session: "sess-fake-1" });
  expect(usagesIn(events)).toEqual([spent(0.25), spent(0.25), tokens]);
});

test("of a session that began elsewhere the cost is not known, only what comes to it", async () => {
  await using stage = await setStage();
  const usage = { inputTokens: 10, outputTokens: 5, totalTokens: 15 };
  const run = async (play: Partial<FakeAcpPlay>) => {
    const agent = await agentOf(stage, { steps: [{ say: "b" }], usage, ...play });
    const { events } = await stage.run(agent, { session: "sess-fake-1" });
    return usagesIn(events).map(({ usd }) => usd);
  };
  expect(await run({ cost: 0.75 })).toEqual([null]);
  expect(await run({ cost: 1 })).toEqual([0.25, 0]);
});

function usagesIn(events: AgentEvent[]) {
  return events.filter((event) => event.type === "usage");
}

/** So much money, and no tokens. */
function spent(usd: number) {
  const none = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return { type: "usage", ...none, usd, source: "summed" };
}

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
