import type {
  Installation,
  Instant,
  LockRules,
  Millis,
  Policy,
  TaskId,
  TaskState,
} from "@ampx/core";
import type { Claim, Holder, Lease, RateLimit, ScheduleRules, Store } from "@ampx/store";
import type { Inbox } from "../github/index.ts";
import type { Clock } from "../ports.ts";
import { drive } from "./drive.ts";
import {
  Interruption,
  type TaskContext,
  type TaskPorts,
  type TaskProcesses,
} from "./task-context.ts";
import { taskLog } from "./task-log.ts";
import type { Vigil } from "./vigil.ts";

export interface WorkerDeps {
  id: string;
  holder: Holder;
  store: Store;
  clock: Clock;
  /** The limits and pauses of a task, which its project may set. */
  policyFor(state: TaskState): Promise<Policy>;
  /** Agent turns that run at once, over all workers of the store. */
  slots: number;
  /** By which rules tasks begin. */
  rules: ScheduleRules;
  /** By which rules their locks are taken from them. */
  lockRules: LockRules;
  leaseMs: Millis;
  /** Lines that the store keeps of each task's log. */
  logLines: number;
  /** Builds the adapters that serve a task; the processes that they start carry the mark. `newsAt`: what they know from before is old. */
  portsFor(state: TaskState, mark: string, newsAt?: Instant | null): Promise<TaskPorts>;
  /** What is left of the hour's requests, where they are counted. */
  rateLimits(): RateLimit[];
  redact: TaskContext["redact"];
  /** The environment by which git may reach the remote of a task. */
  credentialsOf(state: TaskState): Promise<Readonly<Record<string, string>>>;
  processesOf(lease: Lease): TaskProcesses;
  turnFolder(taskId: TaskId): ReturnType<TaskContext["turnFolder"]>;
  logFile(taskId: TaskId, name: string): string;
  installation(): Promise<Installation>;
  /** What people say on GitHub; runs beside the tasks. */
  inbox: Inbox;
  vigil: Vigil;
}

interface Running {
  claim: Claim;
  stop: AbortController;
  /** Replaced once the abort that it told of has been acted on. */
  abort: AbortController;
  /** Who wants to know of what people ask for while an effect runs. */
  news: Set<(state: TaskState) => void>;
  done: Promise<void>;
  /** When the lease began, and what `clock.awake` said then. */
  claimedAt: Instant;
  claimedAwake: Millis;
}

/** Tasks beyond the slots that one worker drives at once: each is a short look at CI, a push, a merge. */
const maxBeside = 16;
/** For how long a look at the clock is good for claims. */
const freshLookMs = 5_000;
/** How often the store is asked for due tasks when nothing tells of a change. */
const idleLookMs = 1_000;

/** Claims and drives tasks until the signal aborts; then ends the turns that run and gives back every lease. */
export async function work(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const { store, clock } = deps;
  // By lease, not by task: the next lease of a task may begin while the last one still closes its log.
  const running = new Set<Running>();
  let wakeUp = Promise.withResolvers<void>();
  let scheduleAgainAt = 0;
  const beatMs = Math.max(50, Math.floor(deps.leaseMs / 3));
  let beatAt = clock.now();
  const beat = async () => {
    beatAt = clock.now();
    await keepLeases(deps, running);
  };
  const timer = setInterval(() => void beat().catch(report), beatMs);

  const watch = store.watch();
  let isFirst = true;
  try {
    while (!signal.aborted) {
      wakeUp = Promise.withResolvers();
      try {
        const lookedAt = clock.now();
        const { wasAway, isSetBack } = deps.vigil.look();
        // After a sleep of the machine this worker's own leases have run out, and it must not take them over from itself.
        if (lookedAt - beatAt > beatMs) await beat();
        // Nor from others that slept with it: they get the time to renew theirs.
        if (wasAway) await store.prolongLeases(lookedAt + deps.leaseMs, lookedAt);
        // Or it was set back while no worker ran: then somebody has reported in the future.
        const isBehind = isFirst && (await store.workers(lookedAt)).length > 0;
        if (isSetBack || isBehind) await store.wakeWaiting(lookedAt);
        isFirst = false;
        await store.freeDeadLeases();
        await claimAll(lookedAt);
        await noticeRequests(store, running);
        await pause(lookedAt);
      } catch (error) {
        // The database may be busy or the disk full for a while: the worker goes on, its tasks are safe.
        report(error);
        await clock.sleep(idleLookMs, signal);
      }
    }
  } finally {
    clearInterval(timer);
    for (const { stop } of running) stop.abort(new Interruption("shutdown"));
    await Promise.all([...running].map(({ done }) => done));
  }

  /** Until something was written, a drive is over, or a task becomes due. */
  async function pause(lookedAt: Instant): Promise<void> {
    const due = (await store.nextDue(lookedAt)) ?? Infinity;
    const isFull = running.size >= deps.slots + maxBeside;
    const ms = isFull ? idleLookMs : Math.max(0, Math.min(idleLookMs, due - clock.now()));
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    await Promise.race([wakeUp.promise, watch.next(until), clock.sleep(ms, until)]);
    over.abort();
  }

  async function claimAll(lookedAt: Instant): Promise<void> {
    while (!signal.aborted && running.size < deps.slots + maxBeside) {
      const { id, holder, slots, rules, leaseMs } = deps;
      const begins = performance.now() >= scheduleAgainAt;
      const askedAt = performance.now();
      const now = clock.now();
      // After a sleep that began just now its own leases seem to have ended: first they are looked after.
      if (Math.abs(now - lookedAt) > freshLookMs) return;
      const claim = await store.claim({ id, holder, slots, rules, leaseMs, now, begins });
      const tookMs = performance.now() - askedAt;
      // With very many tasks that all wait, a look at them after every write would keep a core busy.
      if (begins && claim === undefined) scheduleAgainAt = performance.now() + 10 * tookMs;
      if (claim === undefined) return;
      start(claim);
    }
  }

  function start(claim: Claim): void {
    const task: Running = {
      claim,
      stop: new AbortController(),
      abort: new AbortController(),
      news: new Set(),
      done: Promise.resolve(),
      claimedAt: clock.now(),
      claimedAwake: clock.awake(),
    };
    task.done = driveTask(deps, task)
      .catch(report)
      .finally(() => {
        running.delete(task);
        wakeUp.resolve();
      });
    running.add(task);
  }
}

async function driveTask(deps: WorkerDeps, task: Running): Promise<void> {
  const { lease } = task.claim;
  const { taskId } = lease;
  const processes = deps.processesOf(lease);
  const { store, clock } = deps;
  await using log = taskLog(store, taskId, clock, deps.logLines);
  const context = {
    clock,
    log,
    redact: deps.redact,
    processes,
    turnFolder: () => deps.turnFolder(taskId),
    logFile: (name: string) => deps.logFile(taskId, name),
    isPaused: async () => {
      const { repo } = task.claim.state.task;
      return (await store.pauses()).some((pause) => pause.repo === null || pause.repo === repo);
    },
    inFlight: () => store.inFlight(task.claim.state.task),
    onNews(listener: (state: TaskState) => void) {
      task.news.add(listener);
      return { [Symbol.dispose]: () => void task.news.delete(listener) };
    },
  };
  await drive(task.claim, {
    store,
    context,
    installation: deps.installation,
    policyFor: deps.policyFor,
    portsFor: (state) => deps.portsFor(state, processes.mark, task.claim.hurriedAt),
    signalFor: (seenAbort) => signalFor(task, seenAbort),
  });
}

function signalFor(task: Running, seenAbort: boolean): AbortSignal {
  if (seenAbort) return task.stop.signal;
  if (task.abort.signal.aborted) task.abort = new AbortController();
  return AbortSignal.any([task.stop.signal, task.abort.signal]);
}

/** A lease that cannot be renewed is lost: its effects stop at once. */
async function keepLeases(
  { store, clock, leaseMs }: WorkerDeps,
  running: Set<Running>,
): Promise<void> {
  for (const { claim, stop, claimedAt, claimedAwake } of running) {
    // What is charged for a turn that a crash cuts off ends there: the machine's sleep is no work.
    const aliveAt = claimedAt + Math.round(clock.awake() - claimedAwake);
    if (!(await store.renew(claim.lease, clock.now() + leaseMs, aliveAt)))
      stop.abort(new Interruption("lease_lost"));
  }
}

/** An abort request ends the running effect; of all others it is told, and most wait until it is over. */
async function noticeRequests(store: Store, running: Set<Running>): Promise<void> {
  for (const { claim, abort, news } of running) {
    if (abort.signal.aborted) continue;
    const row = await store.readTask(claim.lease.taskId);
    if (row?.state.requests.abort !== null) abort.abort(new Interruption("abort"));
    else for (const listener of news) listener(row.state);
  }
}

function report(error: unknown): void {
  console.error(error);
}
