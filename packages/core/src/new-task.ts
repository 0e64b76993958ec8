import { branchName, titleOf } from "./branch-name.ts";
import type { Instant, TaskId } from "./scalars.ts";
import type { TaskEvent } from "./task-event.ts";
import { type TicketTerms, usualPriority } from "./ticket/ticket-terms.ts";

/** What a task gets that does not say. */
export interface TaskDefaults {
  agent: string;
  maxAttempts: number;
  /** Agent minutes over all turns. */
  maxMinutes: number;
  branchPrefix: string;
  fallbacks: string[];
  /** Undefined: no cap. */
  maxUsd: number | undefined;
  /** Undefined: no cap. */
  maxTokens: number | undefined;
  /** How branches of tickets are named: as those of other tasks, or `agent-<slot>/<ticket id>`. */
  ticketBranches: "ampx" | "agent-slot";
}

/** What somebody asks for, with a repository and a base that were found. */
export interface Wish {
  repo: string;
  base: string;
  createdBy: string;
  /** What to do; may be left out where there is an issue. */
  prompt?: string | undefined;
  /** Number of the issue that says what to do, or more of it. */
  issue?: number | undefined;
  title?: string | undefined;
  branch?: string | undefined;
  agent?: string | undefined;
  fallbacks?: string[] | undefined;
  maxAttempts?: number | undefined;
  maxMinutes?: number | undefined;
  maxUsd?: number | undefined;
  maxTokens?: number | undefined;
  deadline?: Instant | null;
  allow?: string[] | undefined;
  /** 1 comes first, 9 last; 5 by default. */
  priority?: number | undefined;
  ticket?: TicketTerms | undefined;
}

/** The agents and caps of a wish: its own, else the defaults. */
export function termsOf(wish: Wish, defaults: TaskDefaults) {
  const agent = wish.agent ?? defaults.agent;
  return {
    agent,
    fallbacks: (wish.fallbacks ?? defaults.fallbacks).filter((name) => name !== agent),
    maxUsd: wish.maxUsd ?? defaults.maxUsd,
    maxTokens: wish.maxTokens ?? defaults.maxTokens,
  };
}

/** How a task begins, whoever makes it: the API for a person, or the worker for a word on GitHub. */
export function newTask(
  wish: Wish,
  defaults: TaskDefaults,
  id: TaskId,
  at: Instant,
): Extract<TaskEvent, { type: "task_created" }> {
  const { repo, base, createdBy, issue, allow, deadline = null } = wish;
  const { agent, fallbacks, maxUsd, maxTokens } = termsOf(wish, defaults);
  const prompt = wish.prompt ?? `Do what issue #${issue} asks for.`;
  const title = wish.title ?? (issue === undefined ? titleOf(prompt) : issueName(issue));
  const { ticket, priority = usualPriority } = wish;
  const slug = ticket === undefined ? title : `${ticket.id} ${title}`;
  const branch = wish.branch ?? branchName(defaults.branchPrefix, slug, id);
  return {
    type: "task_created",
    at,
    task: {
      id,
      repo,
      base,
      branch,
      title,
      prompt,
      agent,
      createdBy,
      createdAt: at,
      ...(issue !== undefined && { issue }),
      ...(priority !== usualPriority && { priority }),
      ...(ticket !== undefined && { ticket }),
    },
    budget: {
      maxAttempts: wish.maxAttempts ?? defaults.maxAttempts,
      maxAgentMs: Math.ceil((wish.maxMinutes ?? defaults.maxMinutes) * 60_000),
      deadline,
      ...(maxUsd !== undefined && { maxUsd }),
      ...(maxTokens !== undefined && { maxTokens }),
    },
    ...(fallbacks.length > 0 && { fallbacks }),
    ...(allow !== undefined && { allow }),
  };
}

/** The title of a task that is for an issue, until that was read. */
export function issueName(issue: number): string {
  return `Issue #${issue}`;
}
