import {
  currentAttempt,
  type EventView,
  type Instant,
  newestTrajectory,
  shortId,
  type TaskDetail,
  type TaskView,
  trajectoryOf,
} from "@ampx/core";
import type { StoredEvent, TaskRow } from "@ampx/store";

/** A task as lists show it. */
export function taskView(row: TaskRow): TaskView {
  const { state } = row;
  const { task, budget, spent } = state;
  return {
    id: row.id,
    short_id: shortId(row.id),
    repo: task.repo,
    base: task.base,
    branch: task.branch,
    title: task.title,
    status: row.status,
    phase: state.phase.name,
    agent: task.agent,
    created_by: task.createdBy,
    thread_id: state.session,
    ci_run_id: state.ciRun,
    commit: state.pushed,
    change: state.change,
    attempt: currentAttempt(state),
    attempts: spent.attempts,
    max_attempts: budget.maxAttempts,
    agent_minutes: minutes(spent.agentMs),
    max_minutes: minutes(budget.maxAgentMs),
    deadline: timeOrNull(budget.deadline),
    waiting_for: row.waitingFor,
    waiting_since: timeOrNull(row.waitingSince),
    progress: newestTrajectory(state.attempts),
    summary: row.summary,
    created_at: time(row.createdAt),
    updated_at: time(row.updatedAt),
  };
}

/** A task with all that a person asks of one. `first`: events before the ones of `history`. */
export function taskDetail(row: TaskRow, history: StoredEvent[], first: StoredEvent[]): TaskDetail {
  const { state } = row;
  const { abort, merge, words } = state.requests;
  const requests: TaskDetail["requests"] = [];
  if (abort !== null) requests.push("abort");
  if (words.length > 0) requests.push("continue");
  if (merge !== null) requests.push("merge");
  return {
    ...taskView(row),
    prompt: state.task.prompt,
    phase_facts: state.phase,
    tries: state.attempts,
    trajectory: state.attempts.map(({ number }) => trajectoryOf(state.attempts, number)),
    failure: state.failure,
    findings: state.findings,
    allowed: state.allowed,
    requests,
    worktree: worktreeOf([...first, ...history]),
    history: history.map(eventView),
  };
}

/** One event as the API tells it. */
export function eventView({ id, taskId, seq, event }: StoredEvent): EventView {
  return { ...event, id, task_id: taskId, seq, at: time(event.at) };
}

function worktreeOf(events: StoredEvent[]): string | null {
  const paths = events.map(({ event }) => (event.type === "prepared" ? event.worktree : null));
  return paths.findLast((path) => path !== null) ?? null;
}

function time(at: Instant): string {
  return new Date(at).toISOString();
}

function timeOrNull(at: Instant | null): string | null {
  return at === null ? null : time(at);
}

function minutes(ms: number): number {
  return Math.round(ms / 600) / 100;
}
