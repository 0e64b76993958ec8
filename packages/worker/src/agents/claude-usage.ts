import type { AgentEvent, TokenUsage } from "../ports.ts";
import type { ClaudeModelUsage, ClaudeResult } from "./claude-stream.ts";
import { type CountedSession, nothingUsed, type Reading, usageSince } from "./cumulative-usage.ts";

/**
 * What a turn has used, by its results. Newer versions count from the session's beginning, over all models; then what an earlier turn
 * has used that was ended without a result is counted here. Where the beginning is not known, and in older versions, it is
 * what this run says of itself.
 */
export async function claudeUsage(
  results: readonly ClaudeResult[],
  session: CountedSession,
): Promise<AgentEvent | null> {
  const last = results.at(-1);
  if (last === undefined) return null;
  const usage =
    last.model_usage_since_last_result === undefined || last.modelUsage === undefined
      ? ofRun(last)
      : ((await usageSince(session, sumOf([last.modelUsage]))) ??
        asUsage(sumOf(results.map((result) => result.model_usage_since_last_result ?? {}))));
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, usd } = usage;
  const used = inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens + (usd ?? 0);
  return used > 0 ? usage : null;
}

function sumOf(usages: ClaudeModelUsage[]): Reading {
  const sum: Reading = { ...nothingUsed };
  for (const usage of usages.flatMap((models) => Object.values(models))) {
    sum.inputTokens += usage.inputTokens;
    sum.outputTokens += usage.outputTokens;
    sum.cacheReadTokens += usage.cacheReadInputTokens;
    sum.cacheWriteTokens += usage.cacheCreationInputTokens;
    sum.usd = sum.usd === null || usage.costUSD === undefined ? null : sum.usd + usage.costUSD;
  }
  return sum;
}

function ofRun({ usage, total_cost_usd }: ClaudeResult): TokenUsage {
  return asUsage({
    inputTokens: usage?.input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
    cacheReadTokens: usage?.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage?.cache_creation_input_tokens ?? 0,
    usd: total_cost_usd ?? null,
  });
}

function asUsage(reading: Reading): TokenUsage {
  return { type: "usage", ...reading, source: "reported" };
}
