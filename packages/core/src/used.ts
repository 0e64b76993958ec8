import { z } from "zod";

const tokens = z.int().nonnegative();

/** Tokens by kind: `inputTokens` without what came from the provider's cache or was put there, `outputTokens` with what was thought. */
export const Tokens = z.object({
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
});
export type Tokens = z.infer<typeof Tokens>;

/** What agents have used: a sum. */
export const Used = z.object({
  ...Tokens.shape,
  /** US dollars, as far as they are known. */
  usd: z.number().nonnegative(),
  /** Whether every turn has told its tokens. If not, they are at least so many. */
  tokensKnown: z.boolean(),
  /** Whether all that was used has told its cost. If not, it is at least so much. */
  usdKnown: z.boolean(),
});
export type Used = z.infer<typeof Used>;

export const nothingUsed: Used = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  usd: 0,
  tokensKnown: true,
  usdKnown: true,
};

/** What was used since the last such report. Null: it is not told, which is not the same as nothing. */
export interface Usage {
  tokens: Tokens | null;
  usd: number | null;
}

/** The sum with one more report. */
export function plus(sum: Used, { tokens: more, usd }: Usage): Used {
  return {
    inputTokens: sum.inputTokens + (more?.inputTokens ?? 0),
    outputTokens: sum.outputTokens + (more?.outputTokens ?? 0),
    cacheReadTokens: sum.cacheReadTokens + (more?.cacheReadTokens ?? 0),
    cacheWriteTokens: sum.cacheWriteTokens + (more?.cacheWriteTokens ?? 0),
    // In whole billionths: a sum of fractions must not show what floating point is.
    usd: Math.round((sum.usd + (usd ?? 0)) * 1e9) / 1e9,
    tokensKnown: sum.tokensKnown && more !== null,
    usdKnown: sum.usdKnown && usd !== null,
  };
}

/** All tokens that a model has read or written, whether from its cache or not: what caps on tokens count. */
export function allTokens(used: Tokens): number {
  return used.inputTokens + used.outputTokens + used.cacheReadTokens + used.cacheWriteTokens;
}

/** What may be used, or may still be; null: as much as it takes. */
export interface Left {
  usd: number | null;
  tokens: number | null;
}

/** What is left below the caps; less than nothing when more was used. */
export function leftOf(used: Used, caps: Left): Left {
  return {
    usd: caps.usd === null ? null : caps.usd - used.usd,
    tokens: caps.tokens === null ? null : caps.tokens - allTokens(used),
  };
}

/** US dollars for a million tokens of each kind. */
export interface Price {
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
}

/** What tokens cost, in US dollars. */
export function costOf(used: Tokens, price: Price): number {
  return (
    (used.inputTokens * price.input +
      used.outputTokens * price.output +
      used.cacheReadTokens * price.cache_read +
      used.cacheWriteTokens * price.cache_write) /
    1e6
  );
}
