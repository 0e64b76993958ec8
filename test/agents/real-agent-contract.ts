import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createAgent } from "@ampx/worker";
import { beforeAll, describe, expect, test } from "vitest";
import { setStage } from "../../packages/worker/src/agents/agent-stage.ts";
import type { AgentEvent } from "../../packages/worker/src/ports.ts";
import { configOf, setContractStage } from "./contract-stage.ts";
import { callTokens, type ModelAnswer, say } from "./model-script.ts";
import { type MishapTraits, testMishaps } from "./real-agent-mishaps.ts";
import type { RealAgent } from "./real-agent.ts";

export interface RealAgentTraits extends MishapTraits {
  /** Null: it is not asked. */
  version: string | null;
  /** Whether it is known if somebody is signed in; it is by default. */
  knowsLogin?: false;
  /** The provider's answer when the conversation has outgrown the model. */
  tooLong: ModelAnswer;
  /** The id of a session that never was, of the agent's form. */
  noSuchSession: string;
  /**
   * Whether it says what a turn has cost, in dollars too, counts what goes into the provider's cache, and what was used by a call
   * whose tools were cut off (it does by default). Null: of all this it says too little.
   */
  usage: { usd: boolean; cacheWrite: boolean; cutOff?: false } | null;
}

/** What is promised of an adapter and the real program behind it. Only the model is scripted. */
export function describeRealAgent(real: RealAgent, traits: RealAgentTraits): void {
  beforeAll(async () => {
    await real.install();
  });

  describe.concurrent(`the real ${real.name}`, () => {
    test("edits a file, says what it did, and what that has used; taken up, it remembers", async () => {
      const more = real.edit("a.txt", "moon", "stars");
      await using set = await setContractStage(real, [
        [real.edit("a.txt", "world", "moon"), real.run("exit 3"), say("The moon it is.")],
        [more, say("And the stars.")],
      ]);
      const first = await set.stage.run(set.agent, { prompt: "Greet the moon.\nPlease." });
      expect(first.outcome).toEqual({ is: "completed", said: "The moon it is." });
      expect(await set.read("a.txt")).toBe("hello moon\n");
      const [session] = first.events;
      expect(session).toEqual({ type: "session", id: expect.any(String) });
      const names = first.events.flatMap((event) => (event.type === "tool" ? [event.name] : []));
      const ends = first.events.flatMap((event) =>
        event.type === "tool_ended" ? [event.name] : [],
      );
      expect(names.length).toBeGreaterThan(1);
      expect(ends).toEqual(names);
      if (traits.usage !== null) expect(usageOf(first.events)).toEqual(used(3));

      const id = session?.type === "session" ? session.id : "";
      const second = await set.stage.run(set.agent, { session: id, prompt: "And the stars?" });
      expect(second.outcome).toEqual({ is: "completed", said: "And the stars." });
      expect(await set.read("a.txt")).toBe("hello stars\n");
      if (traits.usage !== null) expect(usageOf(second.events)).toEqual(used(2));
      expect(second.events.filter((event) => event.type === "session")).toEqual(
        second.events.filter((event) => event.type === "session" && event.id === id),
      );
      expect(set.model.calls.map(({ turn, step }) => [turn, step])).toEqual([
        [0, 0],
        [0, 1],
        [0, 2],
        [1, 0],
        [1, 1],
      ]);
      expect(set.model.calls[0]?.prompt).toContain("Greet the moon.\nPlease.");
      expect(await readFile(set.stage.rawFile, "utf8")).toContain("The moon it is.");
    });

    test("a key that is refused is a failure of kind auth", () =>
      refused("auth", { status: 401, type: "authentication_error", message: "Invalid API key." }));

    const inTime = { skip: traits.triesForLong === true };
    test.for<[kind: string, answer: ModelAnswer]>([
      ["rate_limit", { status: 429, type: "rate_limit_error", message: "Rate limit reached." }],
      ["overloaded", { status: 529, type: "overloaded_error", message: "Overloaded." }],
      ["context", traits.tooLong],
    ])("a refusal of its provider is a failure of kind %s", inTime, ([kind, answer]) =>
      refused(kind, answer),
    );

    test("a server that does not answer is an outage", inTime, async () => {
      await using set = await setContractStage(real, []);
      await set.model[Symbol.asyncDispose]();
      const { outcome } = await set.stage.run(set.agent);
      expect(outcome).toMatchObject({ is: "failed", kind: "overloaded" });
    });

    test("a session that is lost is named, so that the next one is a new one", async () => {
      await using set = await setContractStage(real, [[say("Hello.")]]);
      const { outcome } = await set.stage.run(set.agent, { session: traits.noSuchSession });
      expect(outcome).toMatchObject({ is: "failed", kind: "context" });
      expect(set.model.calls).toEqual([]);
    });

    test("an abort in a tool that hides leaves no process; what the turn used is counted by the next", async () => {
      const hides = real.run(
        "(setsid sleep 3600 &) ; echo hidden > hidden.txt ; tail -f /dev/null",
      );
      await using set = await setContractStage(real, [[hides], [say("I am back.")]]);
      const abort = new AbortController();
      const watching = set.untilThere("hidden.txt").then(() => abort.abort());
      const { outcome, events } = await set.stage.run(set.agent, { signal: abort.signal });
      await watching;
      expect(outcome).toEqual({ is: "cancelled" });
      const id = events.find((event) => event.type === "session")?.id ?? null;
      const next = await set.stage.run(set.agent, { session: id });
      expect(next.outcome).toEqual({ is: "completed", said: "I am back." });
      const both = [...events, ...next.events];
      if (traits.usage !== null)
        expect(usageOf(both)).toEqual(used(traits.usage.cutOff === false ? 1 : 2));
    });

    test("an abort while its model thinks ends it", async () => {
      await using set = await setContractStage(real, [["hang"]]);
      const abort = new AbortController();
      const run = set.stage.run(set.agent, { signal: abort.signal });
      await set.untilCalled();
      abort.abort();
      expect((await run).outcome).toEqual({ is: "cancelled" });
    });

    testMishaps(real, traits);

    test("is known by its version, and whether it is signed in, without a trace", async () => {
      await using set = await setContractStage(real, []);
      const signal = AbortSignal.timeout(20_000);
      expect(await set.agent.probe(signal)).toEqual({
        command: await real.install(),
        version: traits.version,
        problems: [],
      });
      if (traits.knowsLogin === false) return;
      await using fresh = await setStage();
      const nobody = createAgent(
        real.name,
        fresh.deps({ [real.name]: configOf(real, await real.install()) }),
      );
      const { problems } = await nobody.probe(signal);
      expect(problems).toMatchObject([{ what: expect.stringContaining("not signed in") }]);
      expect(await readdir(join(fresh.folder, "home"))).toEqual([]);
      expect(await readdir(join(fresh.folder, "tmp"))).toEqual([]);
    });
  });

  async function refused(kind: string, answer: ModelAnswer): Promise<void> {
    await using set = await setContractStage(real, [[answer]]);
    const { outcome, events } = await set.stage.run(set.agent);
    expect(outcome).toMatchObject({ is: "failed", kind });
    // Of what is too long some try a summary first, which costs.
    if (kind !== "context") expect(usageOf(events)).toEqual([]);
  }

  /** What the events of so many calls add up to. */
  function used(calls: number): AgentEvent[] {
    return [
      {
        type: "usage",
        inputTokens: callTokens.input * calls,
        outputTokens: callTokens.output * calls,
        cacheReadTokens: callTokens.cacheRead * calls,
        cacheWriteTokens: traits.usage?.cacheWrite === true ? callTokens.cacheWrite * calls : 0,
        usd: traits.usage?.usd === true ? (expect.any(Number) as number) : null,
        source: expect.any(String) as "reported",
      },
    ];
  }
}

/** All usage of these events, as one. */
function usageOf(events: AgentEvent[]): AgentEvent[] {
  const usages = events.filter((event) => event.type === "usage");
  const [first] = usages;
  if (first === undefined) return [];
  const sum = { ...first };
  for (const usage of usages.slice(1)) {
    sum.inputTokens += usage.inputTokens;
    sum.outputTokens += usage.outputTokens;
    sum.cacheReadTokens += usage.cacheReadTokens;
    sum.cacheWriteTokens += usage.cacheWriteTokens;
    sum.usd = sum.usd === null || usage.usd === null ? null : sum.usd + usage.usd;
  }
  return [sum];
}
