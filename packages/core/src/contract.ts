import { z } from "zod";
import { AgentAbilities } from "./agent-abilities.ts";
import { TaskStatus } from "./projection.ts";
import { Sha, TaskId } from "./scalars.ts";
import { Finding } from "./tamper/finding.ts";
import { ruleNames } from "./tamper/index.ts";
import { Ask, Attempt, Phase, TaskState } from "./task-state.ts";

/**
 * The HTTP contract. JSON keys are stable and snake_case; times are ISO 8601 in UTC; durations name their unit. What shows the inside of
 * a task (`phase_facts`, `tries`, the facts of an event) is told as it is stored: camelCase, times and durations in milliseconds.
 */

const time = z.iso.datetime();
// A NUL cannot be given to a program, and half a surrogate pair cannot be written as UTF-8.
const text = z
  .string()
  .trim()
  .min(1)
  .overwrite((value) => value.toWellFormed())
  .refine((value) => !value.includes("\0"), "must not hold a NUL character");
const line = text.regex(/^[^\p{Cc}]*$/u, "must be one line without control characters");

/** Names of what a person lets through. */
const allowed = z.array(z.enum(["base_is_red", ...ruleNames])).max(100);

const usdCap = z.number().positive().max(1_000_000);
const tokenCap = z.int().positive().max(1_000_000_000_000);

/** `POST /tasks`. */
export const CreateTask = z.strictObject({
  repo: line
    .max(4096)
    .describe("Absolute path of a repository, or the name of a registered project"),
  prompt: text.max(200_000).describe("What the agent shall do"),
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
    .describe("What is let through: rules of the tamper gate; base_is_red to work on a red base"),
  created_by: line.max(100).optional().describe("Whose task it is; the server's user by default"),
});
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

/** A task as lists show it. */
export const TaskView = z.object({
  id: TaskId,
  short_id: z.string(),
  repo: z.string(),
  base: z.string(),
  branch: z.string(),
  title: z.string(),
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
      .describe("What is let through for this task from now on: rules of the tamper gate"),
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

/** `GET /events` and `GET /tasks/{id}/events`: server-sent events, one `EventView` each; `Last-Event-ID` counts before `after`. */
export const FollowEvents = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      "Only events with a greater `id`; by default all of a task, and only new ones of the server",
    ),
});
export type FollowEvents = z.infer<typeof FollowEvents>;

export const LogStream = z.enum(["worker", "agent", "ci"]);
export type LogStream = z.infer<typeof LogStream>;

/** `GET /tasks/{id}/logs`; with `Accept: text/event-stream` it goes on for ever, one `LogLine` an event. */
export const ReadLogs = z.strictObject({
  tail: z.coerce.number().int().min(0).max(100_000).optional().describe("Only the newest N lines"),
  after: z.coerce.number().int().min(0).optional().describe("Only lines with a greater `n`"),
  stream: z
    .string()
    .transform((list) => list.split(","))
    .pipe(z.array(LogStream))
    .optional()
    .describe("Comma-separated streams"),
  attempt: z.coerce.number().int().min(1).optional(),
});
export type ReadLogs = z.infer<typeof ReadLogs>;

export const LogLine = z.object({
  n: z
    .int()
    .describe(
      "Position in the task's log, from 1; gaps mark lines that are only in the file on disk",
    ),
  at: time,
  stream: LogStream,
  attempt: z.int(),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

/** `GET /tasks/{id}/logs`. */
export const LogPage = z.object({
  lines: z
    .array(LogLine)
    .describe(
      "Oldest first, at most 10,000 without `tail`: ask again with `after` until none is left",
    ),
  files: z.array(z.string()).describe("Files on the server's machine that hold the full text"),
});
export type LogPage = z.infer<typeof LogPage>;

/** `GET /status`: the server as a whole. */
export const ServerStatus = z.object({
  version: z.string(),
  home: z.string(),
  workers: z.array(
    z.object({
      id: z.string(),
      pid: z.int(),
      host: z.string(),
      alive_at: time,
      slots: z.int(),
      busy: z.int().describe("Agent turns running"),
      agents: z.array(
        z.object({
          name: z.string(),
          command: z.string().nullable(),
          version: z.string().nullable(),
          problems: z.array(z.object({ what: z.string(), try_this: z.string() })),
          can: AgentAbilities,
        }),
      ),
    }),
  ),
  parked: z
    .array(
      z.object({
        agent: z.string(),
        kind: z.string().describe("rate_limit, overloaded or auth"),
        message: z.string(),
        since: time,
        until: time,
      }),
    )
    .describe("Agents that no task calls for now, because their provider refuses"),
  used_today: UsedView.describe("By all tasks, since midnight of the server's machine"),
  max_usd_per_day: z.number().nullable(),
  max_tokens_per_day: z.int().nullable(),
  tasks: z.partialRecord(TaskStatus, z.int()),
});
export type ServerStatus = z.infer<typeof ServerStatus>;

/** `GET /stats`. */
export const ReadStats = z.strictObject({
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("Only what was used from then on; 30 days ago by default"),
  by: z.enum(["agent", "day", "repo", "creator", "task"]).default("agent"),
});
export type ReadStats = z.infer<typeof ReadStats>;

/** `GET /stats`: what was used, in groups: days newest first, others the dearest first; at most 1,000. */
export const Stats = z.object({
  since: time,
  by: ReadStats.shape.by.unwrap(),
  groups: z.array(
    z.object({
      key: z
        .string()
        .describe("Agent, repository, login name, task id, or day of the server's machine"),
      tasks: z.int().describe("Tasks that used it"),
      used: UsedView,
    }),
  ),
  total: UsedView,
});
export type Stats = z.infer<typeof Stats>;

/** RFC 9457. `try_this` says what to do, `errors` names the fields of a body that is not accepted. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  try_this: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** What `ampx serve` writes to the home's `run/server.json` (mode 0600) for its clients to find it. */
export const ServerFile = z.object({
  pid: z.int(),
  url: z.url(),
  version: z.string(),
  started_at: time,
});
export type ServerFile = z.infer<typeof ServerFile>;
