import { z } from "zod";
import { Lane } from "./lane/lane.ts";
import { Failure } from "./log/failure.ts";
import { KnownOverlap } from "./overlap/overlap.ts";
import { ChangeClosed, noReviews, Reviews } from "./review.ts";
import { Instant, Millis, Sha } from "./scalars.ts";
import { Finding } from "./tamper/finding.ts";
import { Budget, BudgetChange, Spent, Task } from "./task.ts";
import { Used } from "./used.ts";

/** What people asked for and `decide` has not yet acted on. */
export const Requests = z.object({
  abort: z.object({ by: z.string(), at: Instant }).nullable(),
  merge: z.object({ by: z.string(), at: Instant }).nullable(),
  /**
   * Wishes to go on, oldest first: words for the agent (none: `""`), and rules of the gate that are let through from now on.
   * `interrupt`: a turn that is running does not come first.
   */
  words: z.array(
    z.object({
      by: z.string(),
      at: Instant,
      text: z.string(),
      allow: z.array(z.string()),
      interrupt: z.boolean(),
      budget: BudgetChange,
    }),
  ),
  /** Who works in the worktree, or wants to: no turn starts meanwhile. */
  attach: z.object({ by: z.string(), at: Instant }).nullable(),
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
  /** What the gate found in the commit before, and the agent must undo. */
  undo: z.array(Finding),
  /** Why the approach is changed: the session is new, and what was tried is told. */
  afresh: z.string().nullable(),
});
export type Brief = z.infer<typeof Brief>;

export const ReviewReason = z.enum([
  "attempts_spent",
  "minutes_spent",
  "usd_spent",
  "tokens_spent",
  "deadline_passed",
  "no_change",
  "done_already",
  "blocked",
  "stalled",
  "no_progress",
  "held",
  "base_is_red",
  "ci_configuration",
  "no_ci",
  "ci_blocked",
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

/** A tool that the agent wants to use and that the policy leaves to a person. */
export const Ask = z.object({
  /** Tells it from others of its task. */
  id: z.int().positive(),
  at: Instant,
  tool: z.string(),
  input: z.string(),
  /** Why the policy does not allow it by itself. */
  why: z.string(),
  answer: z.object({ by: z.string(), allow: z.boolean() }).nullable(),
});
export type Ask = z.infer<typeof Ask>;

/** How an attempt ended. `limit`: at a cap on what it may use, or the agent's own on its model calls. */
export const AttemptEnd = z.enum(["completed", "stalled", "timed_out", "limit"]);
export type AttemptEnd = z.infer<typeof AttemptEnd>;

/** What was being done with a commit when it came to a stop outside of the task: taken up again without a turn of the agent. */
const Again = z.object({ do: z.enum(["push", "judge"]), commit: Sha });

/** Where a task is. Each phase carries exactly the facts that are true in it. */
export const Phase = z.discriminatedUnion("name", [
  z.object({ name: z.literal("queued") }),
  z.object({ name: z.literal("preparing") }),
  z.object({
    name: z.literal("coding"),
    brief: Brief,
    /** The turn that is running, or was when its worker died. */
    turn: z
      .object({
        number: z.int().positive(),
        startedAt: Instant,
        usage: Used,
        /** What the agent asks for and nobody has answered yet. */
        asks: z.array(Ask),
      })
      .nullable(),
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
    outcome: AttemptEnd,
    said: z.string(),
  }),
  /** The branch as a whole is held against the gate's rules: before each push, and once more before it counts as done. */
  z.object({ name: z.literal("inspecting"), commit: Sha, before: z.enum(["push", "success"]) }),
  z.object({ name: z.literal("preflighting"), commit: Sha }),
  /** The agent ended its turn without a change, and there is nothing that was pushed. */
  z.object({ name: z.literal("unchanged"), head: Sha, since: Instant, said: z.string() }),
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
    /** CI was asked to judge this commit once more, because its red may have been chance. */
    reran: z.boolean(),
  }),
  z.object({
    name: z.literal("diagnosing"),
    sha: Sha,
    run: z.string(),
    jobs: z.array(z.string()),
    since: Instant,
    merging: z.boolean(),
    /** Verdicts in a row that said nothing about the code. */
    errors: z.int().nonnegative(),
    /** CI is asked about the base before it is said whose fault this is. */
    asksBase: z.boolean(),
    reran: z.boolean(),
  }),
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
  /** The forge merges it by itself, when it can; others merge meanwhile. */
  z.object({ name: z.literal("awaiting_merge"), sha: Sha, since: Instant }),
  z.object({ name: z.literal("merged"), sha: Sha, at: Instant }),
  z.object({
    name: z.literal("needs_review"),
    reason: ReviewReason,
    detail: z.string(),
    again: Again.optional(),
  }),
  z.object({ name: z.literal("aborted"), by: z.string() }),
  z.object({ name: z.literal("error"), message: z.string(), again: Again.optional() }),
]);
export type Phase = z.infer<typeof Phase>;
export type PhaseName = Phase["name"];

/** A turn that is told nothing but the task. */
export const freshBrief: Brief = {
  words: [],
  stalled: false,
  interrupted: false,
  undo: [],
  afresh: null,
};

/** The phase before a turn. */
export function coding(brief: Brief): Extract<Phase, { name: "coding" }> {
  return { name: "coding", brief, turn: null, outages: null, interruptions: 0 };
}

/** A failure as it is told apart from others: see `fingerprint`. */
export const FailureNote = z.object({
  fingerprint: z.string(),
  /** What failed, in one line. */
  title: z.string(),
});
export type FailureNote = z.infer<typeof FailureNote>;

/** One attempt, as told to people and in the summary. */
export const Attempt = z.object({
  number: z.int().positive(),
  outcome: AttemptEnd,
  said: z.string(),
  agentMs: Millis,
  /** By its turn; what turns before it used that were cut off is in none. */
  usage: Used,
  /** Who made it. */
  agent: z.string(),
  /** What was pushed, or null when the turn changed nothing. */
  commit: Sha.nullable(),
  files: z.int().nonnegative(),
  /** The content of that commit: the same again is a way back. */
  tree: Sha.nullable(),
  /** Rules of the gate that sent it back, or hold it. */
  gate: z.array(z.string()),
  /** What the project's own quick checks said before the push; null when there are none, or they could not judge. */
  preflight: z.enum(["passed", "failed"]).nullable(),
  verdict: z.enum(["passed", "failed"]).nullable(),
  /** Whose fault a red was. */
  lane: Lane.nullable(),
  /** What was red, of CI or the checks before it; at most 100. */
  failures: z.array(FailureNote),
  /** First line of what failed. */
  failure: z.string().nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

export const TaskState = z.object({
  task: Task,
  /** What the issue that the task is for said when the work began; null before, and where there is none. */
  issue: z.object({ title: z.string(), text: z.string() }).nullable(),
  budget: Budget,
  spent: Spent,
  requests: Requests,
  phase: Phase,
  /** Named locks that it holds, as its ticket writes them: all that it wants, or none. */
  locks: z.array(z.string()).default([]),
  /** The agent that works on it now; another than was asked for when that one's provider refuses for long. */
  agent: z.string(),
  /** Agents to take then, the first one that is not refused. */
  fallbacks: z.array(z.string()),
  /** A cap that the newest turn was ended at, until a person grants more. */
  capReached: z.enum(["usd", "tokens"]).nullable(),
  /** The agent's own id of the conversation (Amp: thread id). */
  session: z.string().nullable(),
  /** What ampx last pushed to the task's branch, which is what the next push expects there. */
  pushed: Sha.nullable(),
  /** The newest CI run that judged a commit of this task. */
  ciRun: z.string().nullable(),
  /** The newest commit that CI found green. */
  green: Sha.nullable(),
  /** The newest red verdict, until a green one follows: an excerpt of its log, and the file that holds all of it. */
  failure: z
    .object({
      sha: Sha,
      /** Who was red: CI, or the quick checks before the push. */
      by: z.enum(["ci", "preflight"]),
      lane: Lane,
      /** Why it is in that lane, in words. */
      reason: z.string(),
      excerpt: z.string(),
      log: z.string(),
      /** What failed, as data; at most 100. */
      failures: z.array(Failure),
      /** Fingerprints of those that the base branch has, too. */
      onBase: z.array(z.string()),
    })
    .nullable(),
  /** The commit of the base branch that the change is built on. */
  base: Sha.nullable(),
  /** What CI says of that commit: asked once, when something is red. */
  baseVerdict: z
    .object({
      sha: Sha,
      is: z.enum(["passed", "failed", "unknown"]),
      fingerprints: z.array(z.string()),
      /** All that was ever seen on the base, this commit and those before; at most 500. */
      everSeen: z.array(z.string()),
    })
    .nullable(),
  /** What the gate found in the newest commit that it looked at. */
  findings: z.array(Finding),
  /** Findings that the agent was told to undo since people last spoke, as `rule in file`. */
  told: z.array(z.string()),
  /** The commit that the gate holds for a person, and what it was on its way to. */
  held: z.object({ commit: Sha, before: z.enum(["push", "success"]) }).nullable(),
  /** What people let through for this task: see `allowable`. */
  allowed: z.array(z.string()),
  /** Since when the agent is on its present approach: attempts up to `after` do not count against it. `fresh`: it was changed once already. */
  approach: z.object({ after: z.int().nonnegative(), fresh: z.boolean() }),
  /** Where the change can be looked at, once it is open. */
  change: z.string().nullable(),
  /** How it came to its end there by somebody else's hand; null while it is open. */
  closed: ChangeClosed.nullable().default(null),
  /** What people say of it there. */
  reviews: Reviews.default(noReviews),
  /** Tasks in flight that change the same files, as of the newest look. */
  overlaps: z.array(KnownOverlap).default([]),
  attempts: z.array(Attempt),
});
export type TaskState = z.infer<typeof TaskState>;
