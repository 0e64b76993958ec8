import { z } from "zod";
import { Instant, Millis, TaskId } from "./scalars.ts";
import { Priority, TicketTerms } from "./ticket/ticket-terms.ts";
import { Used } from "./used.ts";

/** What was asked, fixed when the task is created; a ticket may be changed until its work begins. */
export const Task = z.object({
  id: TaskId,
  /** The repository: an absolute path, resolved when the task was created. */
  repo: z.string(),
  /** The branch that the change is for. */
  base: z.string(),
  /** The branch that ampx makes and pushes; no other is ever pushed before a merge. */
  branch: z.string(),
  title: z.string(),
  prompt: z.string(),
  /** Name of the agent that shall work on it. */
  agent: z.string(),
  /** Login name of whoever started it. */
  createdBy: z.string(),
  createdAt: Instant,
  /** Number of the issue of the repository that it is for. */
  issue: z.int().positive().optional(),
  /** 1 comes first, 9 last; 5 where nobody says. */
  priority: Priority.optional(),
  /** The ticket that it came from. */
  ticket: TicketTerms.optional(),
});
export type Task = z.infer<typeof Task>;

/** What the task may spend. Raised only by a `continued` event. */
export const Budget = z.object({
  maxAttempts: z.int().positive(),
  /** Agent time over all turns. */
  maxAgentMs: Millis,
  /** No turn starts, and none goes on, after this moment. */
  deadline: Instant.nullable(),
  /** US dollars over all turns. */
  maxUsd: z.number().positive().optional(),
  /** Tokens of all kinds over all turns, those from a cache included. */
  maxTokens: z.int().positive().optional(),
});
export type Budget = z.infer<typeof Budget>;

/** What a person grants a task when it goes on: the new caps, over all its turns. What is left out stays, or is raised by one attempt. */
export const BudgetChange = z.object({
  maxAttempts: z.int().positive().optional(),
  maxAgentMs: Millis.optional(),
  maxUsd: z.number().positive().optional(),
  maxTokens: z.int().positive().optional(),
});
export type BudgetChange = z.infer<typeof BudgetChange>;

/** What the task has spent: cumulative over commits, crashes and restarts. */
export const Spent = z.object({
  /** Turns that finished, stalled or ran out of time. */
  attempts: z.int().nonnegative(),
  /** Turns that were started, for whatever end. */
  turns: z.int().nonnegative(),
  agentMs: Millis,
  usage: Used,
});
export type Spent = z.infer<typeof Spent>;
