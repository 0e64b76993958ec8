import type { Used, UsedView } from "@ampx/core";

/** What was used, as the API tells it. */
export function usedView(used: Used): UsedView {
  return {
    input_tokens: used.inputTokens,
    output_tokens: used.outputTokens,
    cache_read_tokens: used.cacheReadTokens,
    cache_write_tokens: used.cacheWriteTokens,
    tokens_known: used.tokensKnown,
    usd: used.usd,
    usd_known: used.usdKnown,
  };
}
