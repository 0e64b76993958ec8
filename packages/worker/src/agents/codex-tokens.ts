import { z } from "zod";
import type { Reading } from "./cumulative-usage.ts";

const tokens = z.number().nonnegative().catch(0);

/** What Codex tells of tokens, in its output as in its files. */
export const CodexTokens = z.object({
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_write_input_tokens: tokens,
  output_tokens: tokens,
});

export function readingOf(used: z.infer<typeof CodexTokens>): Reading {
  const { input_tokens, cached_input_tokens, cache_write_input_tokens, output_tokens } = used;
  return {
    // Here the whole, of which what came from the cache or went there is a part.
    inputTokens: Math.max(0, input_tokens - cached_input_tokens - cache_write_input_tokens),
    outputTokens: output_tokens,
    cacheReadTokens: cached_input_tokens,
    cacheWriteTokens: cache_write_input_tokens,
    usd: null,
  };
}
