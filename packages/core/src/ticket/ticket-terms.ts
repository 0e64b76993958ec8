import { z } from "zod";

/** 1 is done first, 9 last. */
export const Priority = z.int().min(1).max(9);

/** What a task keeps of its ticket, beside what every task has. */
export const TicketTerms = z.object({
  /** Names the ticket among those of its repository. */
  id: z.string(),
  /** Of the whole ticket, to tell another version of it from the same one. */
  digest: z.string(),
  /** Named locks of its repository; `read:` before one shares it. */
  locks: z.array(z.string()),
  /** Ids of tickets of its repository that come first. */
  dependencies: z.array(z.string()),
  tags: z.array(z.string()),
  estimateMinutes: z.number().optional(),
  /** Patterns of files that it must not change, beside those of the project. */
  protectedPaths: z.array(z.string()),
});
export type TicketTerms = z.infer<typeof TicketTerms>;

/** Where a task stands that does not say. */
export const usualPriority = 5;
