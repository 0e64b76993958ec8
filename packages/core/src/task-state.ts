import { z } from "zod";
import { Instant, Millis, Sha, TaskId } from "./scalars.ts";

/** What was asked, fixed when the task is created. */
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
  /** Name of the agent that works on it. */
  agent: z.string(),
  /** Login name of whoever started it. */
  createdBy: z.string(),
  createdAt: Instant,
});
export type Task = z.infer<typeof Task>;

/** What the task may spend. Raised only by a `continued` event. */
export const Budget = z.object({
  maxAttempts: z.int().positive(),
  /** Agent time over all turns. */
  maxAgentMs: Millis,
  /** No turn starts, and none goes on, after this moment. */
  deadline: Instant.nullable(),
});
export type Budget = z.infer<typeof Budget>;

/** What the task has spent: cumulative over commits, crashes and restarts. */
export const Spent = z.object({
  /** Turns that finished, stalled or ran out of time. */
  attempts: z.int().nonnegative(),
  /** Turns that were started, for whatever end. */
  turns: z.int().nonnegative(),
  agentMs: Millis,
});
export type Spent = z.infer<typeof Spent>;

/** What people asked for and `decide` has not yet acted on. */
export const Requests = z.object({
  abort: z.object({ by: z.string(), at: Instant }).nullable(),
  merge: z.object({ by: z.string(), at: Instant }).nullable(),
  /** Words for the agent, oldest first. */
  words: z.array(z.object({ by: z.string(), at: Instant, text: z.string() })),
});
export type Requests = z.infer<typeof Requests>;

/** What the agent is told at the start of a turn, beside the task itself and the failure to mend. */
export const Brief = z.object({
  /** Words of people, oldest first. */
  words: z.array(z.string()),
  /** The turn before fell silent and changed nothing. */
  stalled: z.boolean(),
  /** The turn before was cut off and its work still lies in the worktree. */
  interrupted: z.boolean(),
});
export type Brief = z.infer<typeof Brief>;

export const ReviewReason = z.enum([
  "attempts_spent",
  "minutes_spent",
  "deadline_passed",
  "no_change",
  "no_ci",
  "ci_unavailable",
  "ci_timed_out",
  "agent_unavailable",
  "interrupted_too_often",
  "branch_moved",
  "conflict",
  "in_base_already",
  "push_declined",
  "merge_refused",
]);
export type ReviewReason = z.infer<typeof ReviewReason>;

/** Where a task is. Each phase carries exactly the facts that are true in it. */
export const Phase = z.discriminatedUnion("name", [
  z.object({ name: z.literal("queued") }),
  z.object({ name: z.literal("preparing") }),
  z.object({
    name: z.literal("coding"),
    brief: Brief,
    /** The turn that is running, or was when its worker died. */
    turn: z.object({ number: z.int().positive(), startedAt: Instant }).nullable(),
    /** Turns in a row that the provider, not the agent, ended; the next one waits until `retryAt`. */
    outages: z
      .object({
        count: z.int().positive(),
        retryAt: Instant,
        kind: z.string(),
        message: z.string(),
      })
      .nullable(),
    /** Turns in a row that were cut off by a crash or a shutdown. */
    interruptions: z.int().nonnegative(),
  }),
  z.object({
    name: z.literal("checking"),
    brief: Brief,
    outcome: z.enum(["completed", "stalled", "timed_out"]),
    said: z.string(),
  }),
  z.object({
    name: z.literal("pushing"),
    commit: Sha,
    /** The commit was put on the newest base in order to merge. */
    merging: z.boolean(),
    /** The push may have happened: its intent is recorded. */
    started: z.boolean(),
  }),
  z.object({
    name: z.literal("awaiting_ci"),
    sha: Sha,
    since: Instant,
    merging: z.boolean(),
    /** Verdicts in a row that said nothing about the code; CI is asked to judge anew at `retryAt`, once. */
    errors: z
      .object({
        count: z.int().positive(),
        retryAt: Instant,
        cause: z.string(),
        rerun: z.boolean(),
      })
      .nullable(),
  }),
  z.object({ name: z.literal("diagnosing"), sha: Sha, run: z.string(), jobs: z.array(z.string()) }),
  z.object({ name: z.literal("opening"), sha: Sha }),
  z.object({ name: z.literal("ready"), sha: Sha }),
  z.object({ name: z.literal("rebasing"), sha: Sha }),
  z.object({
    name: z.literal("merging"),
    sha: Sha,
    expectedBase: Sha,
    /** The merge may have happened: its intent is recorded, and an abort comes too late. */
    started: z.boolean(),
  }),
  z.object({ name: z.literal("merged"), sha: Sha, at: Instant }),
  z.object({ name: z.literal("needs_review"), reason: ReviewReason, detail: z.string() }),
  z.object({ name: z.literal("aborted"), by: z.string() }),
  z.object({ name: z.literal("error"), message: z.string() }),
]);
export type Phase = z.infer<typeof Phase>;
export type PhaseName = Phase["name"];

/** One attempt, as told to people and in the summary. */
export const Attempt = z.object({
  number: z.int().positive(),
  outcome: z.enum(["completed", "stalled", "timed_out"]),
  said: z.string(),
  agentMs: Millis,
  /** What was pushed, or null when the turn changed nothing. */
  commit: Sha.nullable(),
  files: z.int().nonnegative(),
  verdict: z.enum(["passed", "failed"]).nullable(),
  /** First line of what failed. */
  failure: z.string().nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

export const TaskState = z.object({
  task: Task,
  budget: Budget,
  spent: Spent,
  requests: Requests,
  phase: Phase,
  /** The agent's own id of the conversation (Amp: thread id). */
  session: z.string().nullable(),
  /** What ampx last pushed to the task's branch, which is what the next push expects there. */
  pushed: Sha.nullable(),
  /** The newest CI run that judged a commit of this task. */
  ciRun: z.string().nullable(),
  /** The newest red verdict, until a green one follows: an excerpt of its log, and the file that holds all of it. */
  failure: z.object({ sha: Sha, excerpt: z.string(), log: z.string() }).nullable(),
  /** Where the change can be looked at, once it is open. */
  change: z.string().nullable(),
  attempts: z.array(Attempt),
});
export type TaskState = z.infer<typeof TaskState>;
