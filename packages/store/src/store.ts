import type {
  AgentAbilities,
  InFlight,
  Instant,
  LogLine,
  LogStream,
  Millis,
  Parked,
  RequestEvent,
  Sha,
  Task,
  TaskEvent,
  TaskId,
  TaskState,
  TaskStatus,
  Used,
} from "@ampx/core";
import type { Holder } from "./holder.ts";
import type {
  CreatedByTicket,
  EnqueueOptions,
  EnqueueResult,
  FoundSchedule,
  Pause,
  RunningTurn,
  TaskWithLocks,
  ScheduleRules,
} from "./scheduling.ts";

/**
 * The truth: tasks, their events and their newest log lines. Safe to use from several processes at once. Every string is redacted
 * on its way in. Throws a `TransientError` when the disk or another process is in the way, a `UserError` when a person must help.
 */
export interface Store extends AsyncDisposable {
  /**
   * Stores a task and its `task_created` event in one transaction, runnable at once. With an idempotency key that was seen
   * before it stores nothing: `repeated` if the request is the same, `key_reused` if it is another. `id_taken`: a task with the
   * same short id exists; make another id.
   */
  createTask(
    created: Extract<TaskEvent, { type: "task_created" }>,
    key?: IdempotencyKey,
  ): Promise<CreateResult>;
  /** What `createTask` would say of a key that was used before, so that a repeated request is not judged anew. */
  findRepeated(key: IdempotencyKey): Promise<Repeated | undefined>;
  /** One task by its full id. */
  readTask(id: TaskId): Promise<TaskRow | undefined>;
  /**
   * Ids of the tasks that a full id, a short id or an end or beginning of an id names, in upper or lower case; at most 10. More than
   * one: the text is ambiguous. A short id wins over an id that happens to begin so.
   */
  resolveTaskId(text: string): Promise<TaskId[]>;
  /** Newest first (by id, which begins with the time). A task whose row cannot be read is shown in phase `error` with the reason. */
  listTasks(
    query: TaskQuery,
  ): Promise<{ tasks: TaskRow[]; total: number; nextCursor: string | null }>;
  countByStatus(): Promise<Partial<Record<TaskStatus, number>>>;
  /** The changes that are open as far as is known, oldest task first: neither merged nor closed, of tasks that are not aborted. */
  openChanges(): Promise<OpenChange[]>;
  /**
   * The other tasks of the same repository and base branch that have pushed something and are neither merged, aborted nor closed: at most 50, those
   * created before this one first.
   */
  inFlight(task: Pick<Task, "id" | "repo" | "base">): Promise<InFlight[]>;

  /**
   * Appends a person's request and wakes the task, in one transaction. `refuse` sees the state that it would be appended to
   * and may say why not; then no event is written. With an idempotency key that was seen before, refused or not, nothing happens.
   */
  request(
    id: TaskId,
    event: RequestEvent,
    refuse: (state: TaskState) => string | null,
    key?: IdempotencyKey,
  ): Promise<RequestResult>;

  /**
   * Takes the lease of a task that is due and that nobody holds, under the limit of slots over all workers: what has begun by priority and age, else what
   * begins by the schedule, with all of its locks. Raises its fence.
   */
  claim(request: ClaimRequest): Promise<Claim | undefined>;
  /** Enqueues the tasks of tickets: all of them, or none. */
  enqueue(events: CreatedByTicket[], options: EnqueueOptions): Promise<EnqueueResult>;
  /** Who would begin now and why the others wait, with how many places; changes nothing. */
  readSchedule(rules: ScheduleRules, slots: number, now: Instant): Promise<FoundSchedule>;
  /** Has each task that waits for its turn, or whose next turn is paused, say what it waits for, as of now. Returns how many say something new. */
  noteWaits(rules: ScheduleRules, slots: number, now: Instant): Promise<number>;
  /** Nothing begins, and no turn of an agent, in a repository or (null) anywhere. One that is there already stays as it is. */
  pause(pause: Pause): Promise<void>;
  /** Ends pauses: of a repository, all of them (null), or those that last until the server starts again. Returns how many. */
  resume(which: { repo: string | null } | { untilRestart: true }): Promise<number>;
  pauses(): Promise<Pause[]>;
  /** Who has an agent's slot now, who has worked longest first. */
  turns(now: Instant): Promise<RunningTurn[]>;
  /** Tasks that hold locks and have not moved since then, or that are green and open: candidates for giving them back. */
  tasksWithLocks(): Promise<TaskWithLocks[]>;

  /**
   * The moment after `now` at which time alone makes a task due or a lease end (null: none), so that a worker whose claim at `now`
   * found nothing need not look before, unless something is written.
   */
  nextDue(now: Instant): Promise<Instant | null>;
  /**
   * Extends the lease, also one that ran out and that nobody has taken. False when it is lost or was released. `aliveAt`: what `brokenOffAt` tells if this
   * was the last sign of life.
   */
  renew(lease: Lease, until: Instant, aliveAt: Instant): Promise<boolean>;
  /** Prolongs all leases that ran out and were not freed: in a sleep of the machine all do, and no worker had the time to renew its own. */
  prolongLeases(until: Instant, now: Instant): Promise<void>;
  /** Makes due at `now` what is due later: the clock by which that was said was set back. Whoever waits for good reason waits again. Returns how many. */
  wakeWaiting(now: Instant): Promise<number>;
  /**
   * Appends a worker's event and rewrites the projections, in one transaction, if the lease still holds and the log still has `seq`
   * events. A lease that ran out holds until somebody takes the task: the fence is its epoch, not the clock.
   */
  append(lease: Lease, seq: number, event: TaskEvent, state: TaskState): Promise<AppendResult>;
  /**
   * Ends the lease: `wakeAt` null means not before a request. A request that came in after `seq` keeps the task due, so that none
   * is slept through. `reason` is what the task waits for; `faults` counts failed tries in a row.
   */
  release(lease: Lease, seq: number, wait: Wait): Promise<void>;
  /** Frees the leases whose holder is dead on this host, at once; the others end by time. Returns the tasks freed. Their next claim says `brokenOffAt`. */
  freeDeadLeases(): Promise<TaskId[]>;

  /** Events in commit order, after the global `id`; of one task or of all. One that cannot be read is left out. */
  eventsAfter(id: number, query: { taskId?: TaskId; limit: number }): Promise<StoredEvent[]>;
  /** The newest events of a task, oldest first. */
  newestEvents(taskId: TaskId, limit: number): Promise<StoredEvent[]>;
  /** The id of the newest event, 0 when there is none. */
  lastEventId(): Promise<number>;

  /** Appends lines to a task's log, and drops those whose number is `cap` or more behind the newest. Numbers go on for ever. */
  appendLog(taskId: TaskId, lines: NewLogLine[], cap: number): Promise<void>;
  /** Oldest first: from the first line after `after`, or the newest `tail` ones of those. */
  readLog(taskId: TaskId, query: LogQuery): Promise<LogLine[]>;

  /** Says that a worker lives and what it can do; the API tells people from it. */
  reportWorker(report: WorkerReport): Promise<void>;
  /** Workers that reported after `since`; `busy`: agent turns that each runs. */
  workers(since: Instant): Promise<(WorkerReport & { busy: number })[]>;

  /** Agents whose provider refused the newest turn of some task, by name; also those that may be tried again by now. */
  parkedAgents(): Promise<Parked[]>;
  /** What all tasks together have used since then. */
  usedSince(since: Instant): Promise<Used>;
  /** The same in groups: the days newest first, all others the dearest first; at most 1,000. */
  usageStats(query: UsageQuery): Promise<UsageRow[]>;

  /** Repositories in which a task has moved since then, as the tasks name them. */
  reposSince(at: Instant): Promise<string[]>;
  /** How far a feed outside was read, by its own clock; null: never yet. */
  readMark(name: string): Promise<Instant | null>;
  /** Says that a feed was read so far. A mark never goes back. */
  setReadMark(name: string, at: Instant): Promise<void>;

  /**
   * A webhook has told of a repository: the tasks that wait there and that it is about become due at once, but not more than once a second,
   * and what is known from before `now` is old for them. Only a hint: one that is lost is made up for by their next look. Returns how many.
   */
  hurry(news: News, now: Instant): Promise<number>;
  /** When a webhook last told of a workflow run of the repository, to the minute; null: not for a day, or never. */
  webhookOfRunsAt(repository: News["repository"]): Promise<Instant | null>;

  /** Repositories where people have said or done something after this moment, as webhooks told, and when the newest told so. */
  webhooksOfWords(after: Instant): Promise<{ repository: News["repository"]; at: Instant }[]>;

  /** Says what is left of the hour's requests; the API tells people. Those told of before stay for a day. */
  noteRateLimits(limits: RateLimit[], now: Instant): Promise<void>;
  /** What was last told, also of hours that are over by now. */
  rateLimits(): Promise<(RateLimit & { toldAt: Instant })[]>;

  /** Begins to watch for writes by any process. To miss none: watch, look, `next`, look again, `next`, … */
  watch(): Watch;
}

/** What a webhook tells, or a watch on a folder. It carries no truth: only where it is worth a look. */
export interface News {
  /** As `host/owner/name`, in lower case; on this machine its path. */
  repository: string;
  /** Whether a task's `repo` means this repository. */
  isOf(repo: string): boolean;
  /** It is about tasks that wait for one of these commits … */
  shas: Sha[];
  /** … or that work on one of these branches. */
  branches: string[];
  /** It is about a workflow run, so that the ends of others are likely to be told as well. */
  runs: boolean;
  /** People have said or done something there that no task waits for, such as a comment. */
  words: boolean;
}

/** What is left of an hour's requests, as the one who counts them told. */
export interface RateLimit {
  /** Who counts: `github.com`. */
  host: string;
  /** Whose requests are counted together, in words: no secret. */
  scope: string;
  /** How many an hour may have. */
  requests: number;
  remaining: number;
  resetsAt: Instant;
}

export interface Watch {
  /**
   * Resolves at once when anything was written since the call before (since the watch was made, for the first one), else at the
   * next write, or when the signal aborts or the store is closed. Never rejects. May resolve for a write of no interest.
   */
  next(signal: AbortSignal): Promise<void>;
}

export interface IdempotencyKey {
  key: string;
  /** Digest of the request; the same key with another digest is a mistake of the client. */
  digest: string;
}

export type CreateResult =
  | { is: "created" }
  | Repeated
  /** Another task has this short id: try again with another id. */
  | { is: "id_taken" }
  /** Another task of this repository works on the branch. */
  | { is: "branch_taken"; by: TaskId };

export type RequestResult =
  | { is: "appended" }
  | { is: "refused"; reason: string }
  | { is: "not_found" }
  | Repeated;

export type Repeated = { is: "repeated"; id: TaskId } | { is: "key_reused" };

export interface TaskRow {
  id: TaskId;
  state: TaskState;
  /** Number of events in the task's log. */
  seq: number;
  status: TaskStatus;
  summary: string;
  /** Null while an agent's turn runs and once an event followed the wait; a worker that only looks whether the wait is over does not end it. */
  waitingFor: string | null;
  waitingSince: Instant | null;
  wakeAt: Instant | null;
  /** Who works on it now. */
  leaseHolder: Holder | null;
  createdAt: Instant;
  updatedAt: Instant;
}

export interface TaskQuery {
  statuses?: TaskStatus[];
  repo?: string;
  createdBy?: string;
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

export interface OpenChange {
  id: TaskId;
  repo: string;
  /** Where it can be looked at. */
  change: string;
}

export interface UsageQuery {
  since: Instant;
  by: "agent" | "repo" | "creator" | "task" | "day";
}

export interface UsageRow {
  /** Name of the agent, repository, login name, id of the task, or the day as `2026-11-21`. */
  key: string;
  /** How many tasks used it. */
  tasks: number;
  used: Used;
}

export interface LogQuery {
  after?: number;
  tail?: number;
  streams?: LogStream[];
  attempt?: number;
  limit: number;
}

export interface ClaimRequest {
  /** Id of the worker. */
  id: string;
  holder: Holder;
  /** Agent turns that may run at once, over all workers. */
  slots: number;
  leaseMs: Millis;
  now: Instant;
  /** `looseRules` by default. */
  rules?: ScheduleRules;
  /** False: only what has begun is claimed. True by default. */
  begins?: boolean;
}

/** What a task that is released waits for. */
export interface Wait {
  wakeAt: Instant | null;
  reason: string;
  faults: number;
  now: Instant;
  /** As the claim had it, null by default: news that came since keep the task due, unless it is at rest or has failed. */
  hurriedAt?: Instant | null;
}

/** The right to write to a task: as long as `epoch` is the newest one. */
export interface Lease {
  taskId: TaskId;
  epoch: number;
}

export interface Claim {
  lease: Lease;
  state: TaskState;
  seq: number;
  /** Whether an agent's turn may be run under this lease. */
  slot: boolean;
  /** The schedule lets it begin, or go on after its locks were taken away: they are its own now. */
  isItsTurn: boolean;
  /** Set when the holder before did not release the lease: when it was last known to be alive. */
  brokenOffAt: Instant | null;
  /** Failed tries in a row before this one. */
  faults: number;
  /** When it was last told that there is news for it: what is known from before may be old. */
  hurriedAt: Instant | null;
}

export type AppendResult =
  | { is: "appended"; seq: number }
  /** Somebody appended a request meanwhile, or the locks that the event tells of are no longer the task's: decide anew. */
  | { is: "outdated"; seq: number; state: TaskState }
  /** The lease is lost: stop at once. */
  | { is: "fenced" }
  /** Another task holds the lock that the new state needs. */
  | { is: "locked"; by: TaskId };

export interface StoredEvent {
  id: number;
  taskId: TaskId;
  seq: number;
  event: TaskEvent;
}

export interface NewLogLine {
  at: Instant;
  stream: LogStream;
  attempt: number;
  text: string;
  /** Lines before this one that are only in the file on disk. */
  skippedBefore?: number;
}

export interface WorkerReport {
  id: string;
  holder: Holder;
  aliveAt: Instant;
  slots: number;
  agents: {
    name: string;
    command: string | null;
    version: string | null;
    problems: { what: string; tryThis: string }[];
    can: AgentAbilities;
  }[];
}
