import { z } from "zod";
import { Lane } from "./lane/lane.ts";
import { Failure } from "./log/failure.ts";
import { Overlap } from "./overlap/overlap.ts";
import { ReviewComment } from "./review.ts";
import { Instant, Millis, Sha } from "./scalars.ts";
import { Finding } from "./tamper/finding.ts";
import { AttemptEnd } from "./task-state.ts";
import { Budget, BudgetChange, Task } from "./task.ts";
import { Tokens } from "./used.ts";

/** What of a task another version of its ticket changes. */
const TicketChange = Task.pick({
  title: true,
  prompt: true,
  agent: true,
  base: true,
  priority: true,
  ticket: true,
});

const at = Instant;
const by = z.string();

/**
 * Everything that can happen to a task, in the past tense. The log of these is the truth; the state is folded from it.
 * The `*_requested` events come from people through the API and are legal in every phase; all others come from the worker.
 */
export const TaskEvent = z.discriminatedUnion("type", [
  /** `allow`: what is let through from the start, see `allowable`. */
  z.object({
    type: z.literal("task_created"),
    at,
    task: Task,
    budget: Budget,
    allow: z.array(z.string()).optional(),
    /** Agents to take when the first one's provider refuses for long, in this order. */
    fallbacks: z.array(z.string()).optional(),
  }),
  z.object({ type: z.literal("abort_requested"), at, by }),
  /**
   * `text`: words for the agent, or none. `allow`: rules of the gate to let through. `interrupt`: the words do not wait for the end of
   * a turn that is running. `budget`: what is granted.
   */
  z.object({
    type: z.literal("continue_requested"),
    at,
    by,
    text: z.string(),
    allow: z.array(z.string()),
    interrupt: z.boolean().optional(),
    budget: BudgetChange.optional(),
  }),
  z.object({ type: z.literal("merge_requested"), at, by }),
  /** A person wants to work in the worktree; it is theirs once no turn runs. */
  z.object({ type: z.literal("attach_requested"), at, by }),
  z.object({ type: z.literal("detach_requested"), at, by }),
  /** What a person says to something that the agent asked for. */
  z.object({
    type: z.literal("permission_answered"),
    at,
    by,
    ask: z.int().positive(),
    allow: z.boolean(),
  }),
  /** What people said of the change where it is looked at. Those that were received before are in it for nothing. */
  z.object({ type: z.literal("review_received"), at, comments: z.array(ReviewComment) }),
  /** Somebody else than ampx has ended the change. `merged`: the commit of it that was merged; null: it was only closed. */
  z.object({
    type: z.literal("change_closed"),
    at,
    by: z.string().nullable(),
    merged: Sha.nullable(),
  }),
  /** Its locks were taken away, for others to go on. `by`: a person; null: ampx, by its rules. Its next turn waits until it has them again. */
  z.object({
    type: z.literal("locks_released"),
    at,
    by: z.string().nullable(),
    reason: z.string(),
  }),
  /** Before its work began, its ticket was changed: what it says now, all of it. */
  z.object({ type: z.literal("ticket_changed"), at, by, task: TicketChange, budget: Budget }),
  /** A request that can no longer be met, with the reason in words for whoever asked. */
  z.object({
    type: z.literal("request_refused"),
    at,
    request: z.enum(["abort", "continue", "merge"]),
    reason: z.string(),
  }),

  /** `locks`: those of its ticket, which it holds from now on. */
  z.object({ type: z.literal("started"), at, locks: z.array(z.string()).optional() }),
  /** After they were taken away it holds all of its locks again, and goes on. */
  z.object({ type: z.literal("locks_taken"), at, locks: z.array(z.string()) }),
  /** The issue that the task is for, as it was when the work began; its text may be cut. */
  z.object({ type: z.literal("issue_read"), at, title: z.string(), text: z.string() }),
  z.object({ type: z.literal("prepared"), at, worktree: z.string(), base: Sha, head: Sha }),

  /** A look at the tasks in flight found others than before that change the same files. */
  z.object({ type: z.literal("overlaps_found"), at, others: z.array(Overlap) }),

  /** Intent: a turn is about to be started. `resumed`: it takes up the task's session. */
  z.object({ type: z.literal("turn_started"), at, resumed: z.boolean() }),
  z.object({ type: z.literal("session_opened"), at, session: z.string() }),
  /** The worker ended or died in the middle of a turn, or a person aborted it. `ms`: agent time it had used. */
  z.object({
    type: z.literal("turn_interrupted"),
    at,
    ms: Millis,
    cause: z.enum(["crash", "shutdown", "abort", "words", "attach", "day_cap"]),
  }),
  /** What was used since the last such event. `unknown`: an agent that has worked and does not tell. `priced`: by the prices of the config. */
  z.object({
    type: z.literal("usage_recorded"),
    at,
    agent: z.string(),
    tokens: Tokens.nullable(),
    usd: z.number().nonnegative().nullable(),
    source: z.enum(["reported", "summed", "priced", "unknown"]),
  }),
  /** The agent wants to use a tool that the policy leaves to a person. */
  z.object({
    type: z.literal("permission_asked"),
    at,
    ask: z.int().positive(),
    tool: z.string(),
    input: z.string(),
    why: z.string(),
  }),
  /** The agent has taken so many of the words that were said, oldest first, while its turn goes on. */
  z.object({ type: z.literal("words_passed"), at, count: z.int().positive() }),
  z.object({
    type: z.literal("turn_ended"),
    at,
    ms: Millis,
    outcome: AttemptEnd,
    said: z.string(),
    /** The cap of the task that it was ended at. */
    cap: z.enum(["usd", "tokens"]).optional(),
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

  /** The agent's provider refuses for long, so another agent goes on, in a session of its own. */
  z.object({ type: z.literal("agent_switched"), at, to: z.string(), why: z.string() }),
  /** The same approach does not lead on: the next turn is in a new session and is told what was tried. */
  z.object({ type: z.literal("started_afresh"), at, why: z.string() }),

  z.object({
    type: z.literal("committed"),
    at,
    commit: Sha,
    tree: Sha,
    /** The newest commit that the branch and its base have in common. */
    base: Sha,
    files: z.int().positive(),
    insertions: z.int().nonnegative(),
    deletions: z.int().nonnegative(),
  }),
  /** The branch holds nothing that it did not hold before the turn, or nothing at all against its base. */
  z.object({ type: z.literal("nothing_changed"), at, head: Sha }),

  /** The gate's look at the branch. `preflight`: the project has quick checks, which come next when nothing is found. */
  z.object({
    type: z.literal("inspected"),
    at,
    commit: Sha,
    findings: z.array(Finding),
    preflight: z.boolean(),
  }),
  /** What the project's quick checks say before the push. `errored`: they could not judge, so CI will. */
  z.object({
    type: z.literal("preflight_judged"),
    at,
    commit: Sha,
    is: z.enum(["passed", "failed", "errored"]),
    ms: Millis,
    /** The command that failed; empty when none did. */
    command: z.string(),
    reason: z.string(),
    excerpt: z.string(),
    log: z.string(),
    failures: z.array(Failure),
  }),

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
  /** `blocked`: there is CI, and a person has to act before it goes on. */
  z.object({
    type: z.literal("ci_missing"),
    at,
    sha: Sha,
    reason: z.string(),
    blocked: z.boolean().optional(),
  }),
  z.object({ type: z.literal("ci_timed_out"), at, sha: Sha }),
  /** Intent: the red looks like the code's, so CI is asked about the commit that the change is built on. */
  z.object({ type: z.literal("base_asked"), at, sha: Sha }),
  /** What CI says of that commit. `unknown`: nothing that could be compared. */
  z.object({
    type: z.literal("base_judged"),
    at,
    sha: Sha,
    is: z.enum(["passed", "failed", "unknown"]),
    fingerprints: z.array(z.string()),
  }),
  /** What a red is made of and whose fault it is. `retryAt`: when CI is asked again, in a lane where it is. */
  z.object({
    type: z.literal("diagnosed"),
    at,
    sha: Sha,
    lane: Lane,
    reason: z.string(),
    retryAt: Instant,
    excerpt: z.string(),
    log: z.string(),
    failures: z.array(Failure),
  }),

  /** After it was pushed somebody else has moved the branch to `found`; null: it is gone. */
  z.object({ type: z.literal("branch_moved"), at, found: Sha.nullable(), detail: z.string() }),
  z.object({ type: z.literal("change_opened"), at, sha: Sha, change: z.string() }),
  z.object({
    type: z.literal("continued"),
    at,
    budget: Budget,
    words: z.array(z.string()),
    allow: z.array(z.string()),
  }),
  /** Comments that wait start an attempt, within the budget as it is. */
  z.object({ type: z.literal("review_accepted"), at }),
  /** Each of these comments has its answer where it was made. `commit`: what answers them; null: the agent's words do. */
  z.object({
    type: z.literal("review_answered"),
    at,
    keys: z.array(z.string()),
    commit: Sha.nullable(),
  }),
  z.object({ type: z.literal("merge_accepted"), at }),
  /** The branch now holds `commit`, which contains `base`, the newest commit of the base branch. */
  z.object({ type: z.literal("rebased"), at, commit: Sha, base: Sha }),
  z.object({ type: z.literal("rebase_conflicted"), at, base: Sha, files: z.array(z.string()) }),
  /** Put on the newest base, nothing is left of the change. */
  z.object({ type: z.literal("rebase_emptied"), at, base: Sha }),
  /** Intent: the base branch is about to be moved from `expectedBase` to `sha`. */
  z.object({ type: z.literal("merge_started"), at, sha: Sha, expectedBase: Sha }),
  /** The forge merges `sha` by itself, once what it waits for is there: its turn in a merge queue, a review. */
  z.object({ type: z.literal("merge_queued"), at, sha: Sha, reason: z.string() }),
  /** For a person's request the forge was told not to merge, before it had. */
  z.object({ type: z.literal("merge_withdrawn"), at }),
  z.object({ type: z.literal("base_moved"), at, base: Sha }),
  z.object({ type: z.literal("merge_refused"), at, reason: z.string() }),
  z.object({ type: z.literal("merged"), at, sha: Sha }),

  z.object({
    type: z.literal("gave_up"),
    at,
    reason: z.enum([
      "attempts_spent",
      "minutes_spent",
      "usd_spent",
      "tokens_spent",
      "deadline_passed",
      "agent_unavailable",
      "interrupted_too_often",
      "ci_unavailable",
      "no_progress",
      "no_change",
      "done_already",
      "blocked",
    ]),
    detail: z.string(),
  }),
  z.object({ type: z.literal("aborted"), at, by }),
  /** What ampx cannot repair by itself, with what to try. */
  z.object({ type: z.literal("errored"), at, message: z.string() }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;
export type TaskEventType = TaskEvent["type"];

/** The events that are appended without a lease, by the API and by whoever hears of what people do elsewhere: they set a flag and never change the phase. */
export type RequestEvent = Extract<
  TaskEvent,
  {
    type:
      | "abort_requested"
      | "continue_requested"
      | "merge_requested"
      | "attach_requested"
      | "detach_requested"
      | "permission_answered"
      | "review_received"
      | "change_closed"
      | "locks_released";
  }
>;
