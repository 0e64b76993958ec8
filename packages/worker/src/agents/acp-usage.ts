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

export interface AcpReading {
  session: CountedSession;
  /** What the agent answered to the prompt. */
  answer: Record<string, unknown>;
  /** What the session has cost so far. */
  usd: number | null;
  /** Whether the answer tells of all model calls of the turn. Some agents tell of the last one. */
  isWhole: boolean;
}

/** What a turn has used: tokens are told per turn, the cost per session. Null: the agent tells neither. */
export async function acpUsage(reading: AcpReading): Promise<TokenUsage | null> {
  const usage =
    Usage.safeParse(reading.answer["usage"]).data ?? geminiUsage(reading.answer["_meta"]);
  // Of a model without a price some say 0.
  const total = reading.usd === 0 ? null : reading.usd;
  const cost =
    total === null ? null : await usageSince(reading.session, { ...nothingUsed, usd: total });
  const usd = cost?.usd ?? null;
  if (usage === undefined)
    return usd === null ? null : { type: "usage", ...nothingUsed, usd, source: "summed" };
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
    usd,
    source: reading.isWhole ? "reported" : "summed",
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
