import { z } from "zod";
import { TaskStatus } from "../projection.ts";
import { ReviewComment } from "../review.ts";
import { Sha, TaskId } from "../scalars.ts";
import { Finding } from "../tamper/finding.ts";
import { Ask, Attempt, Phase, TaskState } from "../task-state.ts";
import { allowed, line, text, time, tokenCap, usdCap } from "./fields.ts";
import { PauseView } from "./schedule.ts";
import { UsedView } from "./used.ts";

const TaskFields = z.strictObject({
  repo: line
    .max(4096)
    .describe("Absolute path of a repository, or the name of a registered project"),
  prompt: text
    .max(200_000)
    .optional()
    .describe("What the agent shall do; may be left out where `issue` says it"),
  issue: z
    .int()
    .min(1)
    .optional()
    .describe("Number of an issue of the repository on GitHub that says what to do"),
  title: line
    .max(200)
    .optional()
    .describe("One line for lists; the prompt's first line by default"),
  base: line
    .max(250)
    .optional()
    .describe("Branch the change is for; the repository's default branch by default"),
  branch: line
    .max(250)
    .optional()
    .describe("Branch to make; must not exist; a name with the task's short id by default"),
  agent: line.max(50).optional().describe("Agent to use; the configured one by default"),
  fallbacks: z
    .array(line.max(50))
    .max(20)
    .optional()
    .describe("Agents to take, in this order, when the provider of `agent` refuses for long"),
  priority: z.int().min(1).max(9).optional().describe("1 comes first, 9 last; 5 by default"),
  max_attempts: z.int().min(1).max(100).optional().describe("Agent turns that may be spent"),
  max_usd: usdCap
    .optional()
    .describe("US dollars that may be spent, over all turns; no cap by default"),
  max_tokens: tokenCap
    .optional()
    .describe("Tokens of all kinds that may be used, over all turns; no cap by default"),
  max_minutes: z
    .number()
    .positive()
    .max(10_080)
    .optional()
    .describe("Agent minutes that may be spent, over all turns"),
  deadline: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("No agent turn goes on after this moment"),
  allow: allowed
    .optional()
    .describe(
      "What is let through: rules of the tamper gate; base_is_red to work on a red base; overlaps not to wait for a task that changes the same files",
    ),
  created_by: line.max(100).optional().describe("Whose task it is; the server's user by default"),
});

/** `POST /tasks`. */
export const CreateTask = TaskFields.refine(
  ({ prompt, issue }) => prompt !== undefined || issue !== undefined,
  {
    path: ["prompt"],
    error: "is missing",
    // Told beside whatever else is missing.
    when: ({ value }) => typeof value === "object" && value !== null && !Array.isArray(value),
  },
);
export type CreateTask = z.infer<typeof CreateTask>;

/** `201` of `POST /tasks`. */
export const CreatedTask = z.object({
  id: TaskId,
  short_id: z.string(),
  branch: z.string(),
  title: z.string(),
});
export type CreatedTask = z.infer<typeof CreatedTask>;

/** `GET /tasks`. */
export const ListTasks = z.strictObject({
  status: z
    .string()
    .transform((list) => list.split(","))
    .pipe(z.array(TaskStatus))
    .optional()
    .describe("Comma-separated statuses"),
  repo: line.optional(),
  created_by: line.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: line.optional().describe("`next_cursor` of the page before"),
});
export type ListTasks = z.infer<typeof ListTasks>;

/** A task as lists show it. */
export const TaskView = z.object({
  id: TaskId,
  short_id: z.string(),
  repo: z.string(),
  base: z.string(),
  branch: z.string(),
  title: z.string(),
  issue: z
    .object({ number: z.int(), url: z.string() })
    .nullable()
    .describe("The issue that it is for"),
  priority: z.int().describe("1 comes first, 9 last"),
  ticket: z
    .object({
      id: z.string().describe("Names it among the tickets of the repository"),
      locks: z.array(z.string()).describe("Named locks that it wants; read: before a shared one"),
      dependencies: z.array(z.string()).describe("Ids of tickets that come first"),
      tags: z.array(z.string()),
      estimate_min: z.number().nullable().describe("Minutes, as people guess"),
    })
    .nullable()
    .describe("The ticket that it came from"),
  locks: z.array(z.string()).describe("Named locks that it holds"),
  status: TaskStatus,
  phase: z.string(),
  agent: z.string().describe("Who works on it now"),
  created_by: z.string(),
  thread_id: z.string().nullable().describe("The agent's own id of the conversation"),
  ci_run_id: z.string().nullable().describe("The newest CI run that judged a commit of the task"),
  commit: Sha.nullable().describe("What was last pushed"),
  change: z.string().nullable().describe("Where the change can be looked at"),
  attempt: z.int().describe("The attempt being made, or the newest one"),
  attempts: z.int().describe("Attempts spent"),
  max_attempts: z.int(),
  agent_minutes: z.number(),
  max_minutes: z.number(),
  deadline: time.nullable(),
  used: UsedView.describe("By all its turns"),
  max_usd: z.number().nullable(),
  max_tokens: z.int().nullable(),
  attached_by: z.string().nullable().describe("Who works in the worktree, or is about to"),
  waiting_for: z
    .string()
    .nullable()
    .describe("What it waits for, in words; null while it is worked on"),
  waiting_since: time.nullable(),
  waiting_until: time
    .nullable()
    .describe("When it is looked at again by itself; null: when somebody asks for something"),
  progress: z
    .string()
    .describe(
      "What the newest judged attempt changed in what was red, in words; empty for the first",
    ),
  summary: z.string().describe("What was tried, a line an attempt"),
  created_at: time,
  updated_at: time,
});
export type TaskView = z.infer<typeof TaskView>;

/** `GET /tasks`. */
export const TaskList = z.object({
  tasks: z.array(TaskView),
  total: z.int(),
  next_cursor: z.string().nullable(),
  pauses: z.array(PauseView).describe("Where nothing begins, of all repositories"),
});
export type TaskList = z.infer<typeof TaskList>;

/** One event as the API tells it. Beside these keys it has those of its type, see `TaskEvent`; `at` is ISO 8601 here. */
export const EventView = z.looseObject({
  id: z.int().describe("Global, in commit order: the `Last-Event-ID`"),
  task_id: TaskId,
  seq: z.int().describe("Position in the task's log, from 1"),
  at: time,
  type: z.string(),
});
export type EventView = z.infer<typeof EventView>;

/** `GET /tasks/{id}`. */
export const TaskDetail = TaskView.extend({
  prompt: z.string(),
  phase_facts: Phase,
  tries: z.array(Attempt),
  failure: TaskState.shape.failure.describe("The newest red, until a green one follows"),
  trajectory: z
    .array(z.string())
    .describe("Of each of `tries`: what it changed in what was red, in words; empty for the first"),
  findings: z.array(Finding).describe("What the tamper gate found in the newest commit"),
  allowed: z.array(z.string()).describe("Rules that people let through for this task"),
  fallbacks: z.array(z.string()),
  asks: z.array(Ask).describe("What the agent asks for and a person may answer"),
  requests: z
    .array(z.enum(["abort", "attach", "continue", "merge"]))
    .describe("Asked for and not yet acted on"),
  review_comments: z
    .array(ReviewComment.extend({ is: z.enum(["waiting", "with_the_agent"]) }))
    .describe("What people say of the change where it can be looked at, until it is answered"),
  overlaps: z
    .array(
      z.object({
        id: TaskId,
        short_id: z.string(),
        title: z.string(),
        files: z
          .array(z.string())
          .describe("Changed by both, or named by a task that has not begun"),
        conflicts: z.array(z.string()).describe("Where the two cannot be merged as they are"),
      }),
    )
    .describe("Tasks in flight that change the same files, as of the newest look"),
  worktree: z.string().nullable(),
  history: z.array(EventView).describe("The newest 500 events, oldest first"),
});
export type TaskDetail = z.infer<typeof TaskDetail>;

/** `PATCH /tasks/{id}`, answered by `204`. */
export const ChangeTask = z.discriminatedUnion("action", [
  z.strictObject({
    action: z.literal("continue"),
    prompt: text
      .max(200_000)
      .optional()
      .describe("Words for the agent. Without them, what was held or could not be judged goes on"),
    allow: allowed
      .optional()
      .describe(
        "What is let through for this task from now on: rules of the tamper gate; overlaps not to wait for a task that changes the same files",
      ),
    interrupt: z
      .boolean()
      .optional()
      .describe(
        "The words do not wait for the end of a turn that runs: they go into it, or end it",
      ),
    max_attempts: z.int().min(1).max(100).optional().describe("From now on, those spent included"),
    max_minutes: z.number().positive().max(10_080).optional(),
    max_usd: usdCap.optional(),
    max_tokens: tokenCap.optional(),
    by: line.max(100).optional(),
  }),
  z.strictObject({
    action: z.literal("answer"),
    ask: z.int().positive().describe("`id` of one of the task's `asks`"),
    allow: z.boolean(),
    by: line.max(100).optional(),
  }),
  z
    .strictObject({ action: z.literal("attach"), by: line.max(100).optional() })
    .describe("No turn starts until `detach`, and one that runs is interrupted"),
  z.strictObject({ action: z.literal("detach"), by: line.max(100).optional() }),
  z.strictObject({ action: z.literal("abort"), by: line.max(100).optional() }),
  z.strictObject({ action: z.literal("merge"), by: line.max(100).optional() }),
]);
export type ChangeTask = z.infer<typeof ChangeTask>;
