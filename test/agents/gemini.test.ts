import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAgent } from "@ampx/worker";
import { beforeAll, describe, expect, test } from "vitest";
import { setStage } from "../../packages/worker/src/agents/agent-stage.ts";
import { gemini, geminiVersion } from "./gemini.ts";
import { callTokens, type Model, type ModelAnswer, say, scripted } from "./model-script.ts";

// It has no session to take up, and calls a model that refuses for minutes.

beforeAll(async () => {
  await gemini.install();
});

describe.concurrent("the real gemini", () => {
  test("edits a file, says what it did, and what that has used", async () => {
    await using set = await setUp([
      [gemini.edit("a.txt", "world", "moon"), gemini.run("exit 3"), say("The moon it is.")],
    ]);
    const { outcome, events } = await set.stage.run(set.agent, { prompt: "Greet the moon.\nNow." });
    expect(outcome).toEqual({ is: "completed", said: "The moon it is." });
    expect(await set.read("a.txt")).toBe("hello moon\n");
    expect(events.filter(({ type }) => type === "tool_ended")).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({
      type: "usage",
      // It does not say how much of it came from the cache.
      inputTokens: 3 * (callTokens.input + callTokens.cacheRead),
      outputTokens: 3 * callTokens.output,
      usd: null,
    });
    expect(set.model.calls[0]?.prompt).toContain("Greet the moon.\nNow.");
  });

  test("a key that is refused is a failure of kind auth", async () => {
    await using set = await setUp([]);
    const refused = createAgent("gemini", {
      ...set.deps,
      env: { ...set.deps.env, GEMINI_API_KEY: "no" },
    });
    expect((await set.stage.run(refused)).outcome).toMatchObject({ is: "failed", kind: "auth" });
  });

  test("an abort in a tool that hides leaves no process", async () => {
    const hides = gemini.run(
      "(setsid sleep 3600 &) ; echo hidden > hidden.txt ; tail -f /dev/null",
    );
    await using set = await setUp([[hides]]);
    const abort = new AbortController();
    const run = set.stage.run(set.agent, { signal: abort.signal });
    await expect
      .poll(() => set.read("hidden.txt").catch(() => ""), { timeout: 60_000, interval: 50 })
      .not.toBe("");
    abort.abort();
    expect((await run).outcome).toEqual({ is: "cancelled" });
  });

  test("is known by its version, and whether it is signed in", async () => {
    await using set = await setUp([]);
    const signal = AbortSignal.timeout(20_000);
    const ready = { command: await gemini.install(), version: geminiVersion, problems: [] };
    expect(await set.agent.probe(signal)).toEqual(ready);
  });
});

async function setUp(turns: (ModelAnswer | Model)[][]) {
  await using made = new AsyncDisposableStack();
  const stage = made.use(await setStage());
  const key = "the-agent-key-8841";
  const model = made.use(await gemini.startModel({ answer: scripted(turns), key }));
  await writeFile(join(stage.cwd, "a.txt"), "hello world\n");
  const settled = await gemini.settle({ home: join(stage.folder, "home"), url: model.url, key });
  const given = stage.deps({ gemini: { command: await gemini.install(), args: [] } });
  const deps = { ...given, env: { ...given.env, ...settled }, graceMs: 3_000 };
  const disposables = made.move();
  return {
    stage,
    model,
    deps,
    agent: createAgent("gemini", deps),
    read: (file: string) => readFile(join(stage.cwd, file), "utf8"),
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}
