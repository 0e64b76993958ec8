import { beforeAll, expect, test } from "vitest";
import type { AgentEvent } from "../../packages/worker/src/ports.ts";
import { callTokens, type ModelCall, say, scripted } from "./model-script.ts";
import type { RealAgent } from "./real-agent.ts";
import { setRealStage } from "./real-stage.ts";

/** `cacheWrite`: whether the agent's provider tells what goes into its cache. */
export function testLiveUsage(real: RealAgent, { cacheWrite }: { cacheWrite: boolean }): void {
  beforeAll(async () => {
    await real.install();
  });

  test(`what the real ${real.name} uses is told after each call, also in a turn that is cut off, and adds up over a session`, async () => {
    /** Of calls that were answered. */
    let answered = 0;
    const script = scripted([
      [real.run("true"), real.run("true"), "hang"],
      [real.run("true"), say("I am back.")],
      [say("Again.")],
    ]);
    const answer = (call: ModelCall) => {
      const given = script(call);
      if (Array.isArray(given)) answered++;
      return given;
    };
    await using set = await setRealStage(real, answer);
    const { stage, agent } = set;

    expect(agent.can.tokens).toBe("live");
    const abort = new AbortController();
    const told: AgentEvent[] = [];
    const first = await stage.run(agent, {
      signal: abort.signal,
      // It hangs until what was used so far has been told.
      onEvent(event) {
        told.push(event);
        if (sumOf(told).inputTokens >= 2 * callTokens.input) abort.abort();
      },
    });
    expect(first.outcome).toEqual({ is: "cancelled" });
    expect(answered).toBe(2);
    const session = told.find((event) => event.type === "session")?.id ?? null;
    const second = await stage.run(agent, { session, prompt: "Go on." });
    expect(second.outcome).toEqual({ is: "completed", said: "I am back." });
    const third = await stage.run(agent, { session, prompt: "Once more." });
    expect(third.outcome).toEqual({ is: "completed", said: "Again." });

    expect(answered).toBe(5);
    expect([first, second, third].map(({ events }) => sumOf(events))).toEqual(
      [2, 2, 1].map((calls) => ({
        inputTokens: callTokens.input * calls,
        outputTokens: callTokens.output * calls,
        cacheReadTokens: callTokens.cacheRead * calls,
        cacheWriteTokens: cacheWrite ? callTokens.cacheWrite * calls : 0,
      })),
    );
  });
}

function sumOf(events: AgentEvent[]) {
  const sum = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
  for (const event of events) {
    if (event.type !== "usage") continue;
    sum.inputTokens += event.inputTokens;
    sum.outputTokens += event.outputTokens;
    sum.cacheReadTokens += event.cacheReadTokens;
    sum.cacheWriteTokens += event.cacheWriteTokens;
  }
  return sum;
}
