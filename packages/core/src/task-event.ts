import { z } from "zod";
import { Instant, Millis, Sha } from "./scalars.ts";
import { Budget, Task } from "./task-state.ts";

const at = Instant;
const by = z.string();

/**
 * Everything that can happen to a task, in the past tense. The log of these is the truth; the state is folded from it.
 * The `*_requested` events come from people through the API and are legal in every phase; all others come from the worker.
 */
export const TaskEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("task_created"), at, task: Task, budget: Budget }),
  z.object({ type: z.literal("abort_requested"), at, by }),
  z.object({ type: z.literal("continue_requested"), at, by, text: z.string() }),
  z.object({ type: z.literal("merge_requested"), at, by }),
  /** A request that can no longer be met, with the reason in words for whoever asked. */
  z.object({
    type: z.literal("request_refused"),
    at,
    request: z.enum(["abort", "continue", "merge"]),
    reason: z.string(),
  }),

  z.object({ type: z.literal("started"), at }),
  z.object({ type: z.literal("prepared"), at, worktree: z.string(), base: Sha, head: Sha }),

  /** Intent: a turn is about to be started. `resumed`: it takes up the task's session. */
  z.object({ type: z.literal("turn_started"), at, resumed: z.boolean() }),
  z.object({ type: z.literal("session_opened"), at, session: z.string() }),
  /** The worker ended or died in the middle of a turn, or a person aborted it. `ms`: agent time it had used. */
  z.object({
    type: z.literal("turn_interrupted"),
    at,
    ms: Millis,
    cause: z.enum(["crash", "shutdown", "abort"]),
  }),
  z.object({
    type: z.literal("turn_ended"),
    at,
    ms: Millis,
    outcome: z.enum(["completed", "stalled", "timed_out"]),
    said: z.string(),
  }),
  /** The turn failed for a cause that is not the agent's work; it is tried again at `retryAt`. `kind`: an `AgentFailureKind`. */
  z.object({
    type: z.literal("turn_failed"),
    at,
    ms: Millis,
    kind: z.string(),
    message: z.string(),
    retryAt: Instant,
  }),

  z.object({
    type: z.literal("committed"),
    at,
    commit: Sha,
    files: z.int().positive(),
    insertions: z.int().nonnegative(),
    deletions: z.int().nonnegative(),
  }),
  /** The branch holds nothing that it did not hold before the turn, or nothing at all against its base. */
  z.object({ type: z.literal("nothing_changed"), at, head: Sha }),

  /** Intent: the branch is about to be moved from `expected` (null: absent) to `commit`. */
  z.object({ type: z.literal("push_started"), at, commit: Sha, expected: Sha.nullable() }),
  z.object({ type: z.literal("pushed"), at, sha: Sha }),
  z.object({
    type: z.literal("push_rejected"),
    at,
    /** `moved`: the branch is not where ampx left it; `declined`: the repository did not take the push. */
    by: z.enum(["moved", "declined"]),
    found: Sha.nullable(),
    detail: z.string(),
  }),

  z.object({ type: z.literal("ci_passed"), at, sha: Sha, run: z.string() }),
  z.object({
    type: z.literal("ci_failed"),
    at,
    sha: Sha,
    run: z.string(),
    jobs: z.array(z.string()),
  }),
  /** CI could not judge the commit; it is asked again at `retryAt`. */
  z.object({ type: z.literal("ci_errored"), at, sha: Sha, cause: z.string(), retryAt: Instant }),
  /** CI was asked to judge the commit anew, after it could not. */
  z.object({ type: z.literal("ci_rerun"), at, sha: Sha }),
  z.object({ type: z.literal("ci_missing"), at, sha: Sha, reason: z.string() }),
  z.object({ type: z.literal("ci_timed_out"), at, sha: Sha }),
  z.object({ type: z.literal("diagnosed"), at, sha: Sha, excerpt: z.string(), log: z.string() }),

  z.object({ type: z.literal("change_opened"), at, sha: Sha, change: z.string() }),
  z.object({ type: z.literal("continued"), at, budget: Budget, words: z.array(z.string()) }),
  z.object({ type: z.literal("merge_accepted"), at }),
  /** The branch now holds `commit`, which contains `base`, the newest commit of the base branch. */
  z.object({ type: z.literal("rebased"), at, commit: Sha, base: Sha }),
  z.object({ type: z.literal("rebase_conflicted"), at, base: Sha, files: z.array(z.string()) }),
  /** Put on the newest base, nothing is left of the change. */
  z.object({ type: z.literal("rebase_emptied"), at, base: Sha }),
  /** Intent: the base branch is about to be moved from `expectedBase` to `sha`. */
  z.object({ type: z.literal("merge_started"), at, sha: Sha, expectedBase: Sha }),
  z.object({ type: z.literal("base_moved"), at, base: Sha }),
  z.object({ type: z.literal("merge_refused"), at, reason: z.string() }),
  z.object({ type: z.literal("merged"), at, sha: Sha }),

  z.object({
    type: z.literal("gave_up"),
    at,
    reason: z.enum([
      "attempts_spent",
      "minutes_spent",
      "deadline_passed",
      "agent_unavailable",
      "interrupted_too_often",
      "ci_unavailable",
    ]),
    detail: z.string(),
  }),
  z.object({ type: z.literal("aborted"), at, by }),
  /** What ampx cannot repair by itself, with what to try. */
  z.object({ type: z.literal("errored"), at, message: z.string() }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;
export type TaskEventType = TaskEvent["type"];

/** The events that the API may append: they set a flag and never change the phase. */
export type RequestEvent = Extract<
  TaskEvent,
  { type: "abort_requested" | "continue_requested" | "merge_requested" }
>;
