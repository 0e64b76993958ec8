import { beforeAll, expect, test } from "vitest";
import { opencode } from "./opencode.ts";
import { setRealStage } from "./real-stage.ts";

beforeAll(async () => {
  await opencode.install();
});

test("a limit after which the real opencode would wait for an hour, without a word, ends the turn soon", async () => {
  const message = "Rate limit reached for gpt-5. Please try again in 1h0m0s.";
  const headers = { "retry-after": "3600" };
  await using set = await setRealStage(opencode, () => ({
    status: 429,
    type: "rate_limit_error",
    message,
    headers,
  }));
  const before = Date.now();
  const { outcome, events } = await set.stage.run(set.agent, { stallMs: 120_000 });
  expect(outcome).toEqual({
    is: "failed",
    kind: "rate_limit",
    message: `opencode: ${message}`,
    resetAt: expect.any(Number),
  });
  const resetAt = "resetAt" in outcome ? (outcome.resetAt ?? 0) : 0;
  expect(resetAt).toBeGreaterThan(before + 3_600_000);
  expect(events.filter(({ type }) => type === "usage")).toEqual([]);
  expect(set.model.calls).toHaveLength(1);
});
