import {
  type AgentAbilities,
  evolve,
  type RequestEvent,
  type Task,
  type TaskEvent,
  type TaskId,
  type TicketTerms,
} from "@ampx/core";
import type { Claim, ClaimRequest, NewLogLine, Store } from "../store.ts";

export const start = 1_700_000_000_000;
export const hour = 3_600_000;

/** The n-th task id: they sort as their numbers. */
export function taskId(n: number): TaskId {
  return `01K${n.toString().padStart(23, "0")}`;
}

export function created(
  n: number,
  task: Partial<Task> = {},
): Extract<TaskEvent, { type: "task_created" }> {
  const id = taskId(n);
  return {
    type: "task_created",
    at: start + n,
    task: {
      id,
      repo: "/repos/shop.git",
      base: "main",
      branch: `amp/fix-${n}`,
      title: `task ${n}`,
      prompt: `mend ${n}`,
      agent: "scripted",
      createdBy: "ada",
      createdAt: start + n,
      ...task,
    },
    budget: { maxAttempts: 5, maxAgentMs: hour, deadline: null },
  };
}

/** The n-th task, of a ticket of the id T-n. */
export function ofTicket(
  n: number,
  terms: Partial<TicketTerms> = {},
  task: Partial<Task> = {},
): ReturnType<typeof created> {
  const ticket = {
    id: `T-${n}`,
    digest: "1",
    locks: [],
    dependencies: [],
    tags: [],
    protectedPaths: [],
    ...terms,
  };
  return created(n, { ...task, ticket });
}

export async function addTasks(
  store: Store,
  count: number,
  task: Partial<Task> = {},
): Promise<void> {
  for (let n = 1; n <= count; n += 1) await store.createTask(created(n, task));
}

export function worker(request: Partial<ClaimRequest> = {}): ClaimRequest {
  const holder = { host: "here", pid: 1, startedAt: "boot" };
  return { id: "w1", holder, slots: 3, leaseMs: 10_000, now: start + 1_000, ...request };
}

export async function claimed(store: Store, request: Partial<ClaimRequest> = {}): Promise<Claim> {
  const claim = await store.claim(worker(request));
  if (claim === undefined) throw new Error("no task could be claimed");
  return claim;
}

/** Appends events under a claim, as a worker does, and gives the claim as it is then. */
export async function appended(store: Store, claim: Claim, ...events: TaskEvent[]): Promise<Claim> {
  let { state, seq } = claim;
  for (const event of events) {
    state = evolve(state, event);
    const result = await store.append(claim.lease, seq, event, state);
    if (result.is !== "appended") throw new Error(`${event.type} was not appended: ${result.is}`);
    seq = result.seq;
  }
  return { ...claim, state, seq };
}

const at = start + 2_000;
export const able: AgentAbilities = {
  resume: true,
  tokens: "live",
  cost: "live",
  permissions: false,
  steering: false,
};

export const sha = "a".repeat(40);

/** What happens to a task until an agent's turn is running, until that is over, and until its change is ready to merge. */
export const inTurn: TaskEvent[] = [
  { type: "started", at },
  { type: "prepared", at, worktree: "/w", base: sha, head: sha },
  { type: "turn_started", at, resumed: false },
];
export const turnEnded: TaskEvent = {
  type: "turn_ended",
  at,
  ms: 10,
  outcome: "completed",
  said: "done",
};
export const untilReady: TaskEvent[] = [
  ...inTurn,
  turnEnded,
  {
    type: "committed",
    at,
    commit: sha,
    tree: sha,
    base: sha,
    files: 1,
    insertions: 1,
    deletions: 0,
  },
  { type: "inspected", at, commit: sha, findings: [], preflight: false },
  { type: "push_started", at, commit: sha, expected: null },
  { type: "pushed", at, sha },
  { type: "ci_passed", at, sha, run: "run-1" },
  { type: "inspected", at, commit: sha, findings: [], preflight: false },
  { type: "change_opened", at, sha, change: "shop#1" },
];

export function abortRequested(by = "ada"): RequestEvent {
  return { type: "abort_requested", at, by };
}

export function logLine(text: string, line: Partial<NewLogLine> = {}): NewLogLine {
  return { at, stream: "agent", attempt: 1, text, ...line };
}

export const never = new AbortController().signal;
export const neverRefuse = () => null;
