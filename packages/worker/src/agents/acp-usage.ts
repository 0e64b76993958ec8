import { z } from "zod";
import type { TokenUsage } from "../ports.ts";
import { type CountedSession, nothingUsed, usageSince } from "./cumulative-usage.ts";

const tokens = z.number().nonnegative();
const optional = tokens.nullish().transform((count) => count ?? 0);

/** `usage` of the answer; not yet of the stable protocol. */
const Usage = z.object({
  inputTokens: tokens,
  outputTokens: tokens,
  totalTokens: tokens,
  thoughtTokens: optional,
  cachedReadTokens: optional,
  cachedWriteTokens: optional,
});

/** Gemini's own way; what came from the cache is part of the input, and how much of it is not told. */
const GeminiMeta = z.object({
  quota: z.object({ token_count: z.object({ input_tokens: tokens, output_tokens: tokens }) }),
});

/** What a session has cost since the last reading. Null: nobody knows. */
export async function acpCost(session: CountedSession, total: number): Promise<number | null> {
  // Of a model without a price some say 0.
  return total === 0
    ? null
    : ((await usageSince(session, { ...nothingUsed, usd: total }))?.usd ?? null);
}

export interface AcpTokensOptions {
  /** Whether its cost was told on the way. Otherwise it is unknown. */
  isPaid: boolean;
  /** Whether the answer tells of all model calls of the turn. Some agents tell of the last one. */
  isWhole: boolean;
}

/** The tokens of a turn by what the agent answered to its prompt, without the cost. Null: it tells none. */
export function acpTokens(
  answer: Record<string, unknown>,
  { isPaid, isWhole }: AcpTokensOptions,
): TokenUsage | null {
  const usage = Usage.safeParse(answer["usage"]).data ?? geminiUsage(answer["_meta"]);
  if (usage === undefined) return null;
  const { inputTokens, outputTokens, totalTokens, thoughtTokens } = usage;
  const { cachedReadTokens: cacheReadTokens, cachedWriteTokens: cacheWriteTokens } = usage;
  const rest = totalTokens - inputTokens - cacheReadTokens - cacheWriteTokens;
  return {
    type: "usage",
    inputTokens,
    // Some count thoughts as output, some beside it.
    outputTokens:
      rest >= outputTokens + thoughtTokens ? outputTokens + thoughtTokens : outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    usd: isPaid ? 0 : null,
    source: isWhole ? "reported" : "summed",
  };
}

function geminiUsage(meta: unknown): z.infer<typeof Usage> | undefined {
  const count = GeminiMeta.safeParse(meta).data?.quota.token_count;
  if (count === undefined) return undefined;
  const { input_tokens: inputTokens, output_tokens: outputTokens } = count;
  const totalTokens = inputTokens + outputTokens;
  return {
    inputTokens,
    outputTokens,
    totalTokens,
    thoughtTokens: 0,
    cachedReadTokens: 0,
    cachedWriteTokens: 0,
  };
}
