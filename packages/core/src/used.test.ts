import { expect, test } from "vitest";
import { allTokens, costOf, leftOf, nothingUsed, plus, type Used } from "./used.ts";

const tokens = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 80, cacheWriteTokens: 5 };

test("what is told adds up, and what is not told makes the sum a lower bound", () => {
  const told = plus(plus(nothingUsed, { tokens, usd: 0.1 }), { tokens, usd: 0.2 });
  expect(told).toEqual({
    inputTokens: 20,
    outputTokens: 10,
    cacheReadTokens: 160,
    cacheWriteTokens: 10,
    usd: 0.3,
    tokensKnown: true,
    usdKnown: true,
  } satisfies Used);
  expect(plus(told, { tokens, usd: null })).toMatchObject({
    inputTokens: 30,
    usd: 0.3,
    tokensKnown: true,
    usdKnown: false,
  });
  const unknown = plus(told, { tokens: null, usd: null });
  expect(unknown).toMatchObject({ inputTokens: 20, tokensKnown: false, usdKnown: false });
  expect(plus(unknown, { tokens, usd: 1 })).toMatchObject({ usd: 1.3, usdKnown: false });
});

test("a thousand cents are ten dollars", () => {
  let sum = nothingUsed;
  for (let n = 0; n < 1_000; n++) sum = plus(sum, { tokens: null, usd: 0.01 });
  expect(sum.usd).toBe(10);
});

test("tokens cost by kind, for each million", () => {
  const price = { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 };
  const million = {
    inputTokens: 1e6,
    outputTokens: 2e6,
    cacheReadTokens: 10e6,
    cacheWriteTokens: 4e6,
  };
  expect(costOf(million, price)).toBeCloseTo(3 + 30 + 3 + 15, 9);
  expect(allTokens(million)).toBe(17e6);
});

test("what is left below a cap may be less than nothing, and no cap leaves no number", () => {
  const used = plus(nothingUsed, { tokens, usd: 2 });
  expect(leftOf(used, { usd: 1.5, tokens: 1_000 })).toEqual({ usd: -0.5, tokens: 900 });
  expect(leftOf(used, { usd: null, tokens: null })).toEqual({ usd: null, tokens: null });
});
