import {
  begin,
  evolve,
  lockOf,
  needsSlot,
  nothingUsed,
  shortId,
  statusOf,
  summaryOf,
  TaskEvent,
  TaskState,
  TicketTerms,
  usualPriority,
  waitsItsTurn,
  type Task,
} from "@ampx/core";
import type { Db, StoredTask } from "./tables.ts";

/** The columns of a task that never change, its state and the projections of it: written together, always. */
export function columnsOf(state: TaskState) {
  const { task: _inColumns, ...rest } = state;
  return {
    state: JSON.stringify(rest),
    status: statusOf(state),
    phase: state.phase.name,
    thread_id: state.session,
    ci_run_id: state.ciRun,
    commit_sha: state.pushed,
    attempts: state.spent.attempts,
    summary: summaryOf(state),
    needs_slot: needsSlot(state) ? 1 : 0,
    lock: lockOf(state),
    waits_turn: waitsItsTurn(state) ? 1 : 0,
    working_agent: state.agent,
  };
}

export function taskColumnsOf(task: Task) {
  return {
    id: task.id,
    short_id: shortId(task.id),
    repo: task.repo,
    base: task.base,
    branch: task.branch,
    title: task.title,
    prompt: task.prompt,
    agent: task.agent,
    created_by: task.createdBy,
    created_at: task.createdAt,
    issue: task.issue ?? null,
    priority: task.priority ?? usualPriority,
    ticket_id: task.ticket?.id ?? null,
    ticket: task.ticket === undefined ? null : JSON.stringify(task.ticket),
  };
}

/**
 * The state of a stored task. One that does not fit (an ampx of another version wrote it, or somebody's hand) is folded again
 * from the events; undefined when these do not fit either.
 */
export async function stateOf(db: Db, row: StoredTask): Promise<TaskState | undefined> {
  if (ticketOf(row) === undefined) return undefined;
  const stored = StoredState.safeParse(parseJson(row.state));
  return stored.success ? { ...stored.data, task: taskOf(row) } : fold(db, row);
}

/** Stands for a state that cannot be read, so that the task is seen in lists with the reason. Never written. */
export function unreadableState(row: StoredTask): TaskState {
  return {
    task: taskOf(row),
    issue: null,
    budget: { maxAttempts: Math.max(1, row.attempts), maxAgentMs: 0, deadline: null },
    spent: { attempts: row.attempts, turns: row.attempts, agentMs: 0, usage: nothingUsed },
    requests: { abort: null, merge: null, words: [], attach: null },
    phase: { name: "error", message: unreadable },
    locks: [],
    agent: row.agent,
    fallbacks: [],
    capReached: null,
    session: row.thread_id,
    pushed: row.commit_sha,
    ciRun: row.ci_run_id,
    green: null,
    failure: null,
    change: null,
    closed: null,
    reviews: { received: [], waiting: [], open: [] },
    base: null,
    baseVerdict: null,
    findings: [],
    told: [],
    held: null,
    allowed: [],
    approach: { after: 0, fresh: false },
    overlaps: [],
    attempts: [],
  };
}

export const unreadable = "its stored state and events cannot be read; start the task anew";

const StoredState = TaskState.omit({ task: true });

/** Of an ampx of another version, or by somebody's hand, if it does not fit. */
function ticketOf(row: StoredTask): TicketTerms | null | undefined {
  if (row.ticket === null) return null;
  const { data } = TicketTerms.safeParse(parseJson(row.ticket));
  return data;
}

function taskOf(row: StoredTask): Task {
  const ticket = ticketOf(row) ?? null;
  return {
    id: row.id,
    repo: row.repo,
    base: row.base,
    branch: row.branch,
    title: row.title,
    prompt: row.prompt,
    agent: row.agent,
    createdBy: row.created_by,
    createdAt: row.created_at,
    ...(row.issue !== null && { issue: row.issue }),
    ...(row.priority !== usualPriority && { priority: row.priority }),
    ...(ticket !== null && { ticket }),
  };
}

async function fold(db: Db, row: StoredTask): Promise<TaskState | undefined> {
  const rows = await db
    .selectFrom("events")
    .select(["type", "at", "data"])
    .where("task_id", "=", row.id)
    .orderBy("seq")
    .execute();
  let state: TaskState | undefined;
  for (const { type, at, data } of rows) {
    const event = TaskEvent.safeParse({ type, at, ...parseJson(data) });
    if (!event.success) return undefined;
    try {
      if (event.data.type === "task_created") state = begin(event.data);
      else if (state === undefined) return undefined;
      else state = evolve(state, event.data);
    } catch {
      // An event that cannot follow from those before it is one more way of not fitting.
      return undefined;
    }
  }
  return state;
}

/** Columns of JSON are checked by the database; what is not an object has no facts. */
function parseJson(text: string): object {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? value : {};
}
