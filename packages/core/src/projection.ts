import { z } from "zod";
import { laneWords } from "./lane/lane.ts";
import { trajectoryOf } from "./progress.ts";
import type { Sha } from "./scalars.ts";
import type { Attempt, AttemptEnd, Phase, TaskState } from "./task-state.ts";

/** What people and filters see of a task; a projection of its state, never stored apart from it. */
export const TaskStatus = z.enum([
  "queued",
  "running",
  "retrying",
  "needs_review",
  "success",
  "aborted",
  "error",
]);
export type TaskStatus = z.infer<typeof TaskStatus>;

export function statusOf(state: TaskState): TaskStatus {
  switch (state.phase.name) {
    case "queued":
      return "queued";
    case "ready":
    case "merged":
      return "success";
    case "needs_review":
      return "needs_review";
    case "aborted":
      return "aborted";
    case "error":
      return "error";
    case "preparing":
    case "coding":
    case "checking":
    case "inspecting":
    case "preflighting":
    case "unchanged":
    case "pushing":
    case "awaiting_ci":
    case "diagnosing":
    case "opening":
    case "rebasing":
    case "merging":
    case "awaiting_merge":
      return currentAttempt(state) > 1 ? "retrying" : "running";
  }
}

/** The attempt that is being made, or the newest one that was. 0 before the first. */
export function currentAttempt({ phase, spent }: TaskState): number {
  return phase.name === "coding" ? spent.attempts + 1 : spent.attempts;
}

/** Whether the next step belongs to an agent's turn, of which only so many run at once. An abort needs none, nor does a person in the worktree. */
export function needsSlot({ phase, requests }: TaskState): boolean {
  if (requests.abort !== null || requests.attach !== null) return false;
  return phase.name === "queued" || phase.name === "preparing" || phase.name === "coding";
}

/** Whether it begins its work, or goes on with it, only when the schedule lets it: in its turn, with all of its locks. A person who wants it ended, or to work in it, comes before that. */
export function waitsItsTurn(state: TaskState): boolean {
  const { phase, requests, locks } = state;
  if (requests.abort !== null || requests.attach !== null) return false;
  if (phase.name === "queued") return true;
  const isBetweenTurns = phase.name === "coding" && phase.turn === null;
  return isBetweenTurns && locks.length === 0 && locksOf(state).length > 0;
}

/** The locks that its ticket wants, held or not. */
export function locksOf({ task }: TaskState): readonly string[] {
  return task.ticket?.locks ?? [];
}

/** The name that only one task may hold at a time: merges into one base branch go one after the other. */
export function lockOf({ phase, task }: TaskState): string | null {
  return isMerging(phase) ? `merge:${task.repo}#${task.base}` : null;
}

function isMerging(phase: Phase): boolean {
  if (phase.name === "rebasing" || phase.name === "merging") return true;
  return (
    (phase.name === "pushing" || phase.name === "awaiting_ci" || phase.name === "diagnosing") &&
    phase.merging
  );
}

/** Commits of this task that CI may be judging right now. */
export function commitsInCi({ phase, pushed }: TaskState): Sha[] {
  const commits: Sha[] = pushed === null ? [] : [pushed];
  // A push that was cut off may have happened, and a hook have started CI.
  if (phase.name === "pushing" && phase.started) commits.push(phase.commit);
  return commits;
}

/** The commit of the base that CI is asked about for this task; other tasks, and people, may wait for the same run. */
export function baseInCi({ phase, base, baseVerdict }: TaskState): Sha | null {
  const asks = phase.name === "unchanged" || (phase.name === "diagnosing" && phase.asksBase);
  return asks && baseVerdict?.sha !== base ? base : null;
}

/** Whether nothing of the task will run again unless somebody asks. */
export function isAtRest({ phase }: TaskState): boolean {
  return ["ready", "merged", "needs_review", "aborted", "error"].includes(phase.name);
}

/** What was tried, in a few lines: the column `summary`. */
export function summaryOf({ attempts }: Pick<TaskState, "attempts">): string {
  return attempts
    .map((attempt) => {
      const trajectory = trajectoryOf(attempts, attempt.number);
      return `attempt ${attempt.number}: ${outcomeOf(attempt)}${trajectory === "" ? "" : `; ${trajectory}`}`;
    })
    .join("\n");
}

/** How a turn ended, for people. */
export const outcomeWords: Record<AttemptEnd, string> = {
  completed: "completed",
  stalled: "stalled",
  timed_out: "timed out",
  limit: "ended at a limit",
};

function outcomeOf(attempt: Attempt): string {
  if (attempt.commit === null)
    return attempt.outcome === "completed"
      ? "changed nothing"
      : `${outcomeWords[attempt.outcome]}, changed nothing`;
  const files = attempt.files === 1 ? "1 file" : `${attempt.files} files`;
  const change = `${attempt.commit.slice(0, 8)} (${files})`;
  const judgement = judgementOf(attempt);
  return judgement === "" ? change : `${change}, ${judgement}`;
}

/** What the gate, the checks before the push or CI said of an attempt; empty when nothing yet. */
export function judgementOf({
  gate,
  preflight,
  verdict,
  lane,
  failures,
  failure,
}: Attempt): string {
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
  if (gate.length > 0) return `stopped by the gate: ${gate.join(", ")}`;
  if (preflight === "failed") return `preflight red: ${failure ?? "no output"}${more}`;
  if (verdict === "passed") return lane === "flaky" ? "CI green when run again" : "CI green";
  const whose = lane === null || lane === "code" ? "" : ` (${laneWords[lane].words})`;
  if (verdict === "failed" && lane === null) return "CI red, being looked at";
  if (verdict === "failed") return `CI red${whose}: ${failure ?? "no log"}${more}`;
  return whose === "" ? "" : `no verdict of CI${whose}`;
}
