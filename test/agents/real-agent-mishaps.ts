import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { turnMeter } from "../../packages/worker/src/effects/turn-meter.ts";
import { setContractStage } from "./contract-stage.ts";
import { callTokens, type Model, type ModelAnswer, say } from "./model-script.ts";
import type { RealAgent } from "./real-agent.ts";

export interface MishapTraits {
  /** It calls a model that refuses again and again, for minutes and without a word: what comes of it is not waited for. */
  triesForLong?: true;
  /** Whether it calls its model again after a refusal for overload; it does by default. */
  triesAgain?: false;
  /** Whether it passes on in how long its provider would answer again, said as most say it; it does by default. */
  tellsReset?: false;
}

/** What is promised of a turn in which something goes wrong; for `describeRealAgent`. */
export function testMishaps(real: RealAgent, traits: MishapTraits): void {
  const inTime = { skip: traits.triesForLong === true };

  test("noise before its stream and tools that print lines of 2 MB do no harm; a tool's commit is there", async () => {
    const commit =
      "git init -q . && git add a.txt && git -c user.name=Ada -c user.email=ada@example.org commit -q -m 'By the agent'";
    const long = "head -c 2000000 /dev/zero | tr '\\0' x";
    await using set = await setContractStage(
      real,
      [[real.run(commit), real.run(`${long}; echo; ${long} >&2`), say("Committed.")]],
      { wrap: `echo 'Deprecated: {"not": json'; ${long}; echo; echo 'a warning' >&2` },
    );
    const { outcome, events } = await set.stage.run(set.agent);
    expect(outcome).toEqual({ is: "completed", said: "Committed." });
    expect(events).toContainEqual({ type: "diagnostic", text: "a warning" });
    const git = promisify(execFile)("git", ["log", "--format=%an %s"], { cwd: set.stage.cwd });
    expect((await git).stdout).toBe("Ada By the agent\n");
    expect(set.model.calls).toHaveLength(3);
  });

  test("a request that its provider finds faulty is a failure of kind model", async () => {
    const type = "invalid_request_error";
    await using set = await setContractStage(real, [
      [{ status: 400, type, message: "tools.0.name: this is not right" }],
    ]);
    const { outcome } = await set.stage.run(set.agent);
    expect(outcome).toMatchObject({ is: "failed", kind: "model" });
  });

  test("a limit of an hour is not waited for, and told with its end", inTime, async () => {
    const refusal = {
      status: 429,
      type: "rate_limit_error",
      message: "Rate limit reached. Please try again in 1h0m0s.",
      headers: { "retry-after": "3600" },
    };
    await using set = await setContractStage(real, [[refusal]]);
    const before = Date.now();
    // One that says nothing of it is silent from then on; another may take a while to be sure.
    const stallMs = traits.tellsReset === false ? 8_000 : 60_000;
    const { outcome } = await set.stage.run(set.agent, { stallMs });
    expect(outcome).toMatchObject({ is: "failed", kind: "rate_limit" });
    if (traits.tellsReset === false) return;
    const resetAt = outcome.is === "failed" ? (outcome.resetAt ?? 0) : 0;
    expect(resetAt).toBeGreaterThan(before + 3_000_000);
    expect(resetAt).toBeLessThan(before + 4_000_000);
  });

  test("answers that are cut off again and again are an outage", inTime, async () => {
    await using set = await setContractStage(real, [["cut"]]);
    const { outcome } = await set.stage.run(set.agent);
    expect(outcome).toMatchObject({ is: "failed", kind: "overloaded" });
  });

  test("an answer that is cut off once is asked for again, or is an outage", async () => {
    await using set = await setContractStage(real, [[onceThen("cut", () => say("Whole."))]]);
    const { outcome } = await set.stage.run(set.agent);
    if (outcome.is === "completed") expect(outcome.said).toBe("Whole.");
    else expect(outcome).toMatchObject({ is: "failed", kind: "overloaded" });
  });

  test(
    "an abort while a refused call is tried again ends it",
    { skip: traits.triesAgain === false },
    async () => {
      const refusal = { status: 529, type: "overloaded_error", message: "Overloaded." };
      const abort = new AbortController();
      const again: Model = () => {
        abort.abort();
        return "hang";
      };
      await using set = await setContractStage(real, [[onceThen(refusal, again)]]);
      const { outcome } = await set.stage.run(set.agent, { signal: abort.signal });
      expect(outcome).toEqual({ is: "cancelled" });
      expect(set.model.calls).toHaveLength(2);
    },
  );

  test("a model that never answers is a stall", async () => {
    await using set = await setContractStage(real, [["hang"]]);
    // On a busy machine it may be silent for longer before it calls its model.
    for (const stallMs of [3_000, 30_000]) {
      const { outcome } = await set.stage.run(set.agent, { stallMs });
      expect(outcome).toEqual({ is: "stalled", said: "", silentFor: expect.any(Number) });
      if (set.model.calls.length > 0) return;
    }
    expect(set.model.calls).toHaveLength(1);
  });

  test(
    "refusals for which it calls its model for minutes, without a word, end as a stall",
    { skip: traits.triesForLong === undefined },
    async () => {
      const limit = { status: 429, type: "rate_limit_error", message: "Rate limit reached." };
      const overload = { status: 529, type: "overloaded_error", message: "Overloaded." };
      await using set = await setContractStage(real, [
        [
          onceThen(
            limit,
            onceThen("cut", () => overload),
          ),
        ],
      ]);
      const { outcome } = await set.stage.run(set.agent, { stallMs: 25_000 });
      expect(outcome).toMatchObject({ is: "stalled" });
      expect(set.model.calls.length).toBeGreaterThan(1);
    },
  );

  test("a cap on its tokens ends it within one model call", async ({ skip }) => {
    const calls = 3;
    const step = real.run("true");
    await using set = await setContractStage(real, [
      [...Array.from({ length: 10 }, () => step), say("Done.")],
    ]);
    if (set.agent.can.tokens !== "live")
      return skip("it tells its tokens at the end of a turn only");
    const cut = new AbortController();
    const meter = turnMeter({
      agent: real.name,
      price: null,
      // What is written by a call may be told late.
      left: { usd: null, tokens: calls * (callTokens.input + callTokens.cacheRead) },
      record: async () => {},
      leftToday: async () => ({ usd: null, tokens: null }),
      onCap: () => cut.abort(),
    });
    const { outcome } = await set.stage.run(set.agent, {
      signal: cut.signal,
      onEvent(event) {
        if (event.type === "usage" || event.type === "usage_so_far") meter.take(event);
      },
    });
    await meter.settle();
    expect(outcome).toEqual({ is: "cancelled" });
    expect(set.model.calls.length).toBeGreaterThanOrEqual(calls);
    expect(set.model.calls.length).toBeLessThanOrEqual(calls + 1);
  });
}

/** Answers the first call so, and all others by another model. */
function onceThen(first: ModelAnswer, others: Model): Model {
  let isFirst = true;
  return (call) => {
    const answer = isFirst ? first : others(call);
    isFirst = false;
    return answer;
  };
}
