import type {
  Instant,
  Limits,
  Millis,
  Schedule,
  Standing,
  TaskEvent,
  TaskId,
  TaskStatus,
} from "@ampx/core";

export type CreatedByTicket = Extract<TaskEvent, { type: "task_created" }>;

export interface EnqueueOptions {
  /** Another version of a ticket takes the place of one that has not begun, and one that was aborted or has failed is begun anew. */
  update: boolean;
  by: string;
  now: Instant;
}

export type EnqueueResult =
  | {
      is: "enqueued";
      tickets: {
        is: "created" | "changed" | "unchanged";
        id: TaskId;
        branch: string;
        title: string;
      }[];
    }
  /** Nothing was enqueued. By the index of the ticket; `id`: the task that is in the way; `waits`: only a ticket that it depends on is not there. */
  | {
      is: "refused";
      problems: {
        index: number;
        id: TaskId | null;
        reason: string;
        tryThis: string | null;
        waits: boolean;
      }[];
    }
  /** Another task has one of the short ids: try again with other ids. */
  | { is: "id_taken" };

/** How people know a task. */
export interface TaskName {
  shortId: string;
  /** Id of its ticket. */
  ticket: string | null;
}

/** The same in words, `AUTH-12 (1a2b3c)`; what no task is known by is the id of a ticket. */
export function taskWords(id: string, names: ReadonlyMap<TaskId, TaskName>): string {
  const found = names.get(id);
  if (found === undefined) return id;
  return found.ticket === null ? found.shortId : `${found.ticket} (${found.shortId})`;
}

export interface FoundSchedule extends Schedule {
  /** What it was made of. */
  standing: Standing;
  limits: Limits;
  /** Tasks that wait, in the order of the schedule, with those that would begin. */
  order: TaskId[];
  /** Of every task that is spoken of. */
  names: ReadonlyMap<TaskId, TaskName>;
}

export interface Pause {
  /** Null: everywhere. */
  repo: string | null;
  by: string;
  at: Instant;
  /** It ends when the server starts again. */
  untilRestart: boolean;
}

/** A task whose agent works, or is about to. */
export interface RunningTurn extends TaskName {
  id: TaskId;
  repo: string;
  title: string;
  agent: string;
  /** Null: it has not begun yet, its worktree is being made. */
  since: Instant | null;
}

export interface TaskWithLocks {
  id: TaskId;
  status: TaskStatus;
  /** When it last moved. */
  updatedAt: Instant;
  /** A person works in its worktree. */
  attached: boolean;
}

/** By which rules tasks begin, for all of them together. */
export interface ScheduleRules {
  /** Agent turns that may run at once in one repository. */
  perRepo: number;
  /** Agent turns of one agent that may run at once. */
  perAgent: number;
  /** After so long a wait a task counts as one priority higher, and once more after as long again. */
  ageMs: Millis;
  /** How far a ticket must have come for those that depend on it. */
  startAfter: "merged" | "green";
}

/** No limits beside the slots, and no ageing. */
export const looseRules: ScheduleRules = {
  perRepo: Number.MAX_SAFE_INTEGER,
  perAgent: Number.MAX_SAFE_INTEGER,
  ageMs: Number.MAX_SAFE_INTEGER,
  startAfter: "merged",
};
