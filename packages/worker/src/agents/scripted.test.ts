import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { describeAgent, setStage, type Stage } from "./agent-contract.ts";
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
  return scriptedAgent(stage.deps({ scripted: { script: file } }));
}

function sessionOf(events: { type: string }[]): string {
  return (events.find(({ type }) => type === "session") as { id: string } | undefined)?.id ?? "";
}

async function promptsOf(stage: Stage, session: string): Promise<string[]> {
  const lines = (await readFile(join(stage.folder, "state", session, "prompts.jsonl"), "utf8"))
    .trim()
    .split("\n");
  return lines.map((line) => (JSON.parse(line) as { prompt: string }).prompt);
}
