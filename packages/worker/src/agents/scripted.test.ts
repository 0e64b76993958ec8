import { writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PermissionRequest } from "@ampx/core";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { describeAgent } from "./agent-contract.ts";
import { setStage, type Stage, texts } from "./agent-stage.ts";
import { scriptedAgent } from "./scripted.ts";

describeAgent("scripted", {
  resumes: true,
  make: (steps, stage) => agentOf(stage, { turns: [steps] }),
});

test("plays one turn after the other in a session", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    turns: [
      [{ write: "greeting.txt", content: "helo\n" }, { say: "Written." }],
      [{ edit: "greeting.txt", find: "helo", replace: "hello" }, { say: "Mended." }],
    ],
  });
  const first = await stage.run(agent);
  const session = sessionOf(first.events);
  const second = await stage.run(agent, { session, prompt: "Again." });
  const third = await stage.run(agent, { session });
  expect([first, second, third].map(({ outcome }) => outcome)).toEqual([
    { is: "completed", said: "Written." },
    { is: "completed", said: "Mended." },
    { is: "completed", said: "There is nothing left to do." },
  ]);
  expect(await readFile(join(stage.cwd, "greeting.txt"), "utf8")).toBe("hello\n");
  expect(await promptsOf(stage, session)).toEqual(["Do it.", "Again.", "Do it."]);
  expect(second.events).toContainEqual({ type: "tool", name: "edit", input: "greeting.txt" });
});

test("goes on behind the hang with which a turn was cut off", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    turns: [
      [
        { run: "echo once >> log.txt" },
        { hang: true, deaf: true },
        { run: "echo twice >> log.txt" },
        { say: "done" },
      ],
    ],
  });
  const first = await stage.run(agent, { stallMs: 3_000 });
  expect(first.outcome.is).toBe("stalled");
  const session = sessionOf(first.events);
  const second = await stage.run(agent, { session, prompt: "Go on." });
  expect(second.outcome).toEqual({ is: "completed", said: "done" });
  expect(await readFile(join(stage.cwd, "log.txt"), "utf8")).toBe("once\ntwice\n");
  expect(await promptsOf(stage, session)).toEqual(["Do it.", "Go on."]);
});

test("does nothing behind a cut-off twice, although the step that was cut off is repeated", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    turns: [
      [
        { write: "a.txt", content: "old" },
        { edit: "a.txt", find: "old", replace: "new" },
        { run: "echo here; sleep 20" },
      ],
    ],
  });
  const abort = new AbortController();
  const first = await stage.run(agent, {
    signal: abort.signal,
    onEvent: (event) => "text" in event && event.text === "here" && abort.abort(),
  });
  expect(first.outcome.is).toBe("cancelled");
  await writeFile(join(stage.cwd, "a.txt"), "by hand");
  const again = new AbortController();
  await stage.run(agent, {
    session: sessionOf(first.events),
    signal: again.signal,
    onEvent: (event) => "text" in event && event.text === "here" && again.abort(),
  });
  expect(await readFile(join(stage.cwd, "a.txt"), "utf8")).toBe("by hand");
});

test("fails as the script says, once", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    turns: [[{ fail: "rate_limit", message: "come back later" }, { say: "back" }]],
  });
  const first = await stage.run(agent);
  expect(first.outcome).toEqual({ is: "failed", kind: "rate_limit", message: "come back later" });
  const second = await stage.run(agent, { session: sessionOf(first.events) });
  expect(second.outcome).toEqual({ is: "completed", said: "back" });
});

test("a limit of the script ends when it says", async () => {
  await using stage = await setStage();
  const script = { turns: [[{ fail: "rate_limit", message: "wait", reset_in_seconds: 90 }]] };
  const { outcome } = await stage.run(await agentOf(stage, script));
  const [kind, message, resetAt] = ["rate_limit", "wait", now + 90_000];
  expect(outcome).toEqual({ is: "failed", kind, message, resetAt });
});

test("tells what was used at once, and only once", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    turns: [
      [
        { use: { input_tokens: 1_000, output_tokens: 50, cache_read_tokens: 20, usd: 0.25 } },
        { hang: true },
        { use: { input_tokens: 1, output_tokens: 2 } },
        { say: "done" },
      ],
    ],
  });
  const abort = new AbortController();
  const first = await stage.run(agent, {
    signal: abort.signal,
    onEvent: ({ type }) => type === "usage" && abort.abort(),
  });
  expect(first.outcome).toEqual({ is: "cancelled" });
  // The hang may not have been begun.
  const session = sessionOf(first.events);
  const second = await stage.run(agent, { session, stallMs: 2_000 });
  const third = await stage.run(agent, { session });
  const used = [first, second, third].flatMap(({ events }) =>
    events.filter(({ type }) => type === "usage"),
  );
  const source = "reported";
  expect(used).toEqual([
    {
      type: "usage",
      inputTokens: 1_000,
      outputTokens: 50,
      cacheReadTokens: 20,
      cacheWriteTokens: 0,
      usd: 0.25,
      source,
    },
    {
      type: "usage",
      inputTokens: 1,
      outputTokens: 2,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      usd: null,
      source,
    },
  ]);
});

test("asks for what the script says, waits for the answer without stalling, and says it", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    turns: [
      [
        { ask: { tool: "shell", input: "rm -rf /", paths: ["/"] } },
        { ask: { tool: "edit", input: "a.txt" } },
        { say: "done" },
      ],
    ],
  });
  const asked: PermissionRequest[] = [];
  const { outcome, events } = await stage.run(agent, {
    stallMs: 1_000,
    async permit(request) {
      asked.push(request);
      if (request.tool === "edit") return { is: "allowed" };
      await sleep(2_000);
      return { is: "denied", why: "it is outside" };
    },
  });
  expect(outcome).toEqual({ is: "completed", said: "done" });
  expect(asked).toEqual([
    { tool: "shell", input: "rm -rf /", paths: ["/"] },
    { tool: "edit", input: "a.txt", paths: [] },
  ]);
  expect(texts(events)).toEqual(["denied: it is outside", "allowed", "done"]);
});

test("an abort ends it while it waits for an answer", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, { turns: [[{ ask: { tool: "shell", input: "true" } }]] });
  const abort = new AbortController();
  const { outcome } = await stage.run(agent, {
    signal: abort.signal,
    permit() {
      abort.abort();
      return new Promise((_resolve, reject) => {
        setTimeout(() => reject(new Error("the turn is over")), 100);
      });
    },
  });
  expect(outcome).toEqual({ is: "cancelled" });
});

test("hears what people say while it works; the next words are asked for when it has", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    turns: [[{ run: "until [ -e go ]; do sleep 0.02; done" }, { say: "done" }]],
  });
  const order: string[] = [];
  const left = ["Use tabs.", "And no semicolons.\nNever."];
  const words: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const value = left.shift();
        order.push(`asked for ${value ?? "more"}`);
        return value === undefined ? new Promise(() => undefined) : { done: false, value };
      },
    }),
  };
  const { outcome } = await stage.run(agent, {
    words,
    onEvent(event) {
      if (event.type !== "text") return;
      order.push(event.text);
      if (event.text.includes("Never")) writeFileSync(join(stage.cwd, "go"), "");
    },
  });
  expect(outcome).toEqual({ is: "completed", said: "done" });
  expect(order).toEqual([
    "asked for Use tabs.",
    "heard: Use tabs.",
    "asked for And no semicolons.\nNever.",
    "heard: And no semicolons.\nNever.",
    "asked for more",
    "done",
  ]);
});

test("plays the case that the session's first prompt asks for", async () => {
  await using stage = await setStage();
  const agent = await agentOf(stage, {
    turns: [[{ say: "default" }]],
    cases: [{ when: "colour", turns: [[{ say: "red" }], [{ say: "green" }]] }],
  });
  const first = await stage.run(agent, { prompt: "Which colour?" });
  const second = await stage.run(agent, { session: sessionOf(first.events), prompt: "And now?" });
  const other = await stage.run(agent, { prompt: "Hello" });
  expect([first, second, other].map(({ outcome }) => "said" in outcome && outcome.said)).toEqual([
    "red",
    "green",
    "default",
  ]);
});

test.each([
  ["no script", undefined, "spawn", /agents\.scripted\.script/],
  ["a script that is not there", "missing.yaml", "protocol", /ENOENT/],
])("says what is wrong with %s", async (_, script, kind, message) => {
  await using stage = await setStage();
  const agent = scriptedAgent(
    stage.deps({ scripted: script === undefined ? {} : { script: join(stage.folder, script) } }),
  );
  expect((await stage.run(agent)).outcome).toEqual({
    is: "failed",
    kind,
    message: expect.stringMatching(message),
  });
});

test("refuses a step that leaves the worktree, and one that is none", async () => {
  await using stage = await setStage();
  const outside = await agentOf(stage, { turns: [[{ write: "../outside.txt", content: "" }]] });
  expect((await stage.run(outside)).outcome).toMatchObject({
    is: "failed",
    message: expect.stringContaining("outside the worktree"),
  });
  const unknown = await agentOf(stage, { turns: [[{ dance: true }]] });
  expect((await stage.run(unknown)).outcome).toMatchObject({ is: "failed", kind: "protocol" });
});

async function agentOf(stage: Stage, script: object) {
  const file = join(stage.folder, "script.yaml");
  await writeFile(file, stringify(script));
  return scriptedAgent({ ...stage.deps({ scripted: { script: file } }), now: () => now });
}

const now = Date.parse("2026-11-21T14:00:00Z");

function sessionOf(events: { type: string }[]): string {
  return (events.find(({ type }) => type === "session") as { id: string } | undefined)?.id ?? "";
}

async function promptsOf(stage: Stage, session: string): Promise<string[]> {
  const lines = (await readFile(join(stage.folder, "state", session, "prompts.jsonl"), "utf8"))
    .trim()
    .split("\n");
  return lines.map((line) => (JSON.parse(line) as { prompt: string }).prompt);
}
