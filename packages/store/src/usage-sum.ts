import type { Used } from "@ampx/core";
import { sql } from "kysely";

/** The columns that sum up rows of `usage`. */
export const sumOfUsage = [
  sql<number>`coalesce(sum(input_tokens), 0)`.as("input"),
  sql<number>`coalesce(sum(output_tokens), 0)`.as("output"),
  sql<number>`coalesce(sum(cache_read_tokens), 0)`.as("cache_read"),
  sql<number>`coalesce(sum(cache_write_tokens), 0)`.as("cache_write"),
  sql<number>`coalesce(sum(usd), 0.0)`.as("usd"),
  sql<number>`coalesce(sum(input_tokens is null), 0)`.as("untold_tokens"),
  sql<number>`coalesce(sum(usage.usd is null), 0)`.as("untold_usd"),
] as const;

export interface UsageSum {
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
  usd: number;
  untold_tokens: number;
  untold_usd: number;
}

export function usedOf(row: UsageSum): Used {
  return {
    inputTokens: row.input,
    outputTokens: row.output,
    cacheReadTokens: row.cache_read,
    cacheWriteTokens: row.cache_write,
    // In whole billionths, as each of the sums of a task.
    usd: Math.round(row.usd * 1e9) / 1e9,
    tokensKnown: row.untold_tokens === 0,
    usdKnown: row.untold_usd === 0,
  };
}
