import {
  type Ask,
  currentAttempt,
  issueUrl,
  type EventView,
  type Instant,
  newestTrajectory,
  shortId,
  type TaskDetail,
  type Task,
  type TaskState,
  taskTitle,
  type TaskView,
  trajectoryOf,
  usualPriority,
} from "@ampx/core";
import type { StoredEvent, TaskRow } from "@ampx/store";
import { usedView } from "./used-view.ts";

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
    title: taskTitle(state),
    issue: issueOf(task),
    priority: task.priority ?? usualPriority,
    ticket: ticketOf(task),
    locks: state.locks,
    status: row.status,
    phase: state.phase.name,
    agent: state.agent,
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
    used: usedView(spent.usage),
    max_usd: budget.maxUsd ?? null,
    max_tokens: budget.maxTokens ?? null,
    attached_by: state.requests.attach?.by ?? null,
    ...waitOf(row),
    waiting_until: row.waitingFor === null ? null : timeOrNull(row.wakeAt),
    progress: newestTrajectory(state.attempts),
    summary: row.summary,
    created_at: time(row.createdAt),
    updated_at: time(row.updatedAt),
  };
}

/** A task with all that a person asks of one. `first`: events before the ones of `history`. */
export function taskDetail(row: TaskRow, history: StoredEvent[], first: StoredEvent[]): TaskDetail {
  const { state } = row;
  const { abort, attach, merge, words } = state.requests;
  const { phase } = state;
  const requests: TaskDetail["requests"] = [];
  if (abort !== null) requests.push("abort");
  if (attach !== null) requests.push("attach");
  if (words.length > 0) requests.push("continue");
  if (merge !== null) requests.push("merge");
  return {
    ...taskView(row),
    prompt: state.task.prompt,
    phase_facts: phase,
    tries: state.attempts,
    trajectory: state.attempts.map(({ number }) => trajectoryOf(state.attempts, number)),
    failure: state.failure,
    findings: state.findings,
    allowed: state.allowed,
    fallbacks: state.fallbacks,
    asks: openAsks(state),
    requests,
    review_comments: reviewComments(state),
    overlaps: state.overlaps.map(({ task: id, title, files, conflicts }) => ({
      id,
      short_id: shortId(id),
      title,
      files,
      conflicts,
    })),
    worktree: worktreeOf([...first, ...history]),
    history: history.map(eventView),
  };
}

/** One event as the API tells it. */
export function eventView({ id, taskId, seq, event }: StoredEvent): EventView {
  return { ...event, id, task_id: taskId, seq, at: time(event.at) };
}

function issueOf({ repo, issue }: Task): TaskView["issue"] {
  return issue === undefined ? null : { number: issue, url: issueUrl(repo, issue) };
}

function ticketOf({ ticket }: Task): TaskView["ticket"] {
  if (ticket === undefined) return null;
  const { id, locks, dependencies, tags, estimateMinutes = null } = ticket;
  return { id, locks, dependencies, tags, estimate_min: estimateMinutes };
}

/** An agent that asks for leave waits for a person, though its turn runs. */
function waitOf({ id, state, waitingFor, waitingSince }: TaskRow) {
  const [ask] = openAsks(state);
  if (ask === undefined || waitingFor !== null)
    return { waiting_for: waitingFor, waiting_since: timeOrNull(waitingSince) };
  return {
    waiting_for: `you: may it use ${ask.tool}? ${ask.why} (ampx answer ${shortId(id)} --allow)`,
    waiting_since: time(ask.at),
  };
}

function reviewComments({ reviews }: TaskState): TaskDetail["review_comments"] {
  return [
    ...reviews.open.map(({ told: _told, on: _on, ...comment }) => ({
      ...comment,
      is: "with_the_agent" as const,
    })),
    ...reviews.waiting.map((comment) => ({ ...comment, is: "waiting" as const })),
  ];
}

function openAsks({ phase }: TaskState): Ask[] {
  const asks = phase.name === "coding" ? (phase.turn?.asks ?? []) : [];
  return asks.filter(({ answer }) => answer === null);
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
