import { z } from "zod";

/** What was used. Where something has not told, the numbers are what is known: at least so much. */
export const UsedView = z.object({
  input_tokens: z.int().describe("Without those of the provider's cache"),
  output_tokens: z.int().describe("With what was thought"),
  cache_read_tokens: z.int(),
  cache_write_tokens: z.int(),
  tokens_known: z.boolean(),
  usd: z.number().describe("US dollars"),
  usd_known: z.boolean(),
});
export type UsedView = z.infer<typeof UsedView>;
