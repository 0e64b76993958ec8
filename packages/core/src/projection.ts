import { z } from "zod";
import type { Phase, TaskState } from "./task-state.ts";

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
    case "pushing":
    case "awaiting_ci":
    case "diagnosing":
    case "opening":
    case "rebasing":
    case "merging":
      return currentAttempt(state) > 1 ? "retrying" : "running";
  }
}

/** The attempt that is being made, or the newest one that was. 0 before the first. */
export function currentAttempt({ phase, spent }: TaskState): number {
  return phase.name === "coding" ? spent.attempts + 1 : spent.attempts;
}

/** Whether the next step belongs to an agent's turn, of which only so many run at once. An abort needs none. */
export function needsSlot({ phase, requests }: TaskState): boolean {
  if (requests.abort !== null) return false;
  return phase.name === "queued" || phase.name === "preparing" || phase.name === "coding";
}

/** The name that only one task may hold at a time: merges into one base branch go one after the other. */
export function lockOf({ phase, task }: TaskState): string | null {
  return isMerging(phase) ? `merge:${task.repo}#${task.base}` : null;
}

function isMerging(phase: Phase): boolean {
  if (phase.name === "rebasing" || phase.name === "merging") return true;
  return (phase.name === "pushing" || phase.name === "awaiting_ci") && phase.merging;
}

/** Whether nothing of the task will run again unless somebody asks. */
export function isAtRest({ phase }: TaskState): boolean {
  return ["ready", "merged", "needs_review", "aborted", "error"].includes(phase.name);
}

/** What was tried, in a few lines: the column `summary`. */
export function summaryOf(state: TaskState): string {
  return state.attempts
    .map((attempt) => `attempt ${attempt.number}: ${outcomeOf(attempt)}`)
    .join("\n");
}

function outcomeOf(attempt: TaskState["attempts"][number]): string {
  if (attempt.commit === null)
    return attempt.outcome === "completed"
      ? "changed nothing"
      : `${attempt.outcome.replace("_", " ")}, changed nothing`;
  const files = attempt.files === 1 ? "1 file" : `${attempt.files} files`;
  const change = `${attempt.commit.slice(0, 8)} (${files})`;
  if (attempt.verdict === null) return change;
  return attempt.verdict === "passed"
    ? `${change}, CI green`
    : `${change}, CI red: ${attempt.failure ?? "no log"}`;
}
