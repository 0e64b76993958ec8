import {
  baseName,
  commitsInCi,
  currentAttempt,
  decide,
  defaultPolicy,
  eventText,
  evolve,
  isAtRest,
  leftOf,
  needsSlot,
  restReason,
  retryAt,
  shortId,
  slotWait,
  TransientError,
  UserError,
  waitsItsTurn,
  type Action,
  type Installation,
  type Instant,
  type Policy,
  type TaskEvent,
  type TaskId,
  type TaskState,
} from "@ampx/core";
import type { Claim, Store } from "@ampx/store";
import { perform, type Effect, type Pause } from "./perform.ts";
import { Interruption, type TaskContext, type TaskPorts } from "./task-context.ts";

/** What `drive` needs beside the claim: the store, and the parts of the context that stay the same while it runs. */
export interface DriveDeps {
  store: Store;
  context: Omit<
    TaskContext,
    | "state"
    | "record"
    | "signal"
    | "brokenOffAt"
    | "ports"
    | "policy"
    | "leftToday"
    | "preparedWorktree"
  >;
  /** What the other tasks have found and used, as of now. */
  installation(): Promise<Installation>;
  policyFor(state: TaskState): Promise<Policy>;
  /** Finds the adapters that serve the task; what it throws is the task's trouble, not the worker's. */
  portsFor(state: TaskState): Promise<TaskPorts>;
  /** A signal for the next effect. With `seenAbort`, the abort request that is being acted on does not abort it again. */
  signalFor(seenAbort: boolean): AbortSignal;
}

/**
 * Takes a task as far as it goes under one lease: decide, perform, evolve, append, until it has to wait. Safe to call again
 * after a crash at any point. Returns once the lease is released or lost.
 */
export async function drive(claim: Claim, deps: DriveDeps): Promise<void> {
  try {
    await new Drive(claim, deps).run();
  } catch (error) {
    if (!(error instanceof Interruption && error.by === "lease_lost")) throw error;
  }
}

/** Unexpected errors in a row before the task is given up as one that ampx cannot repair. */
const maxBugs = 3;
/** How long to wait before looking again whether another task's merge is over. */
const lockPauseMs = 1_000;

class Drive {
  private state: Claim["state"];
  private seq: number;
  private slot: boolean;
  /** The schedule lets it begin under this lease; it does so once. */
  private isItsTurn: boolean;
  private faults: number;
  /** Nothing of an earlier lease runs any more. */
  private isAlone: boolean;
  private policy: Policy | undefined;
  private ports: TaskPorts | undefined;
  private preparedWorktree: string | null = null;
  private recording: Promise<void> = Promise.resolve();
  private readonly claim: Claim;
  private readonly deps: DriveDeps;

  constructor(claim: Claim, deps: DriveDeps) {
    this.claim = claim;
    this.deps = deps;
    this.state = claim.state;
    this.seq = claim.seq;
    this.slot = claim.slot;
    this.isItsTurn = claim.isItsTurn;
    this.faults = claim.faults;
    this.isAlone = claim.brokenOffAt === null;
  }

  async run(): Promise<void> {
    for (;;) {
      const signal = this.deps.signalFor(this.state.requests.abort !== null);
      try {
        const isOver = await this.step(signal);
        if (isOver) return;
      } catch (error) {
        const isOver = await this.recover(signal.aborted ? signal.reason : error);
        if (isOver) return;
      }
    }
  }

  /** Decides and performs one thing. True when the lease is over. */
  private async step(signal: AbortSignal): Promise<boolean> {
    // What a dead worker left behind must not touch the worktree any more.
    if (!this.isAlone) await this.deps.context.processes.end();
    this.isAlone = true;
    const policy = (this.policy ??= await this.deps.policyFor(this.state));
    const now = this.deps.context.clock.now();
    const installation = await this.deps.installation();
    const action = decide(this.state, now, policy, installation, this.isItsTurn);
    if (action.do === "wait") return this.release(action.until, action.reason);
    if (!needsSlot(this.state)) this.slot = false;
    else if (!this.slot) return this.release(now, slotWait);

    signal.throwIfAborted();
    const pause = await this.perform(action, policy, signal);
    this.faults = 0;
    return pause === undefined ? false : this.release(pause.until, pause.reason);
  }

  private async perform(
    action: Effect | Extract<Action, { do: "record" }>,
    policy: Policy,
    signal: AbortSignal,
  ): Promise<Pause | undefined> {
    if (action.do === "record") {
      // What followed from the state before a request came in may not follow from the state with it: then it is decided anew.
      await this.append(action.event);
      return undefined;
    }
    const ports = (this.ports ??= await this.deps.portsFor(this.state));
    return perform(action, this.context({ ports, policy, signal }));
  }

  private context(of: Pick<TaskContext, "ports" | "policy" | "signal">): TaskContext {
    const currentState = () => this.state;
    return {
      ...this.deps.context,
      ...of,
      get state() {
        return currentState();
      },
      preparedWorktree: this.preparedWorktree,
      record: (event) => this.record(event),
      leftToday: async () => {
        const { usedToday } = await this.deps.installation();
        return leftOf(usedToday, {
          usd: of.policy.maxUsdPerDay,
          tokens: of.policy.maxTokensPerDay,
        });
      },
      brokenOffAt: this.claim.brokenOffAt,
    };
  }

  /** One after the other: a turn records what it uses while it records its session. */
  private record(event: TaskEvent): Promise<void> {
    const recorded = this.recordAfter(this.recording, event);
    this.recording = recorded.catch(() => undefined);
    return recorded;
  }

  private async recordAfter(before: Promise<void>, event: TaskEvent): Promise<void> {
    await before;
    // A request that comes in between sets a flag and leaves the phase, so what has happened is as true as before. But a turn that is only about
    // to begin does not, once its locks were taken away.
    while (!(await this.append(event)))
      if (event.type === "turn_started" && waitsItsTurn(this.state)) throw new Overtaken();
  }

  /** False when a request came in between; the state is then the newest one. */
  private async append(event: TaskEvent): Promise<boolean> {
    const next = evolve(this.state, event);
    const result = await this.deps.store.append(this.claim.lease, this.seq, event, next);
    switch (result.is) {
      case "appended":
        this.state = next;
        this.seq = result.seq;
        this.preparedWorktree = event.type === "prepared" ? event.worktree : null;
        if (event.type === "started" || event.type === "locks_taken") this.isItsTurn = false;
        // Whether another turn may begin, and of which agent, is for the next claim to say.
        if (event.type === "agent_switched" || event.type === "turn_interrupted") this.slot = false;
        // Another agent, another adapter.
        if (event.type === "agent_switched") this.ports = undefined;
        this.deps.context.log.add("worker", currentAttempt(next), eventText(event));
        return true;
      case "outdated":
        this.state = result.state;
        this.seq = result.seq;
        // Its locks may be others' by now; the next claim knows.
        this.isItsTurn = false;
        return false;
      case "fenced":
        throw new Interruption("lease_lost");
      case "locked":
        throw new LockTaken(result.by);
    }
  }

  /** What an effect that was cut off or failed means for the task. True when the lease is over. */
  private async recover(cause: unknown): Promise<boolean> {
    const { clock, log, processes } = this.deps.context;
    if (cause instanceof Interruption) {
      if (cause.by === "lease_lost") throw cause;
      if (cause.by === "abort") return this.reload();
      return this.release(clock.now(), "the worker to start again");
    }
    if (cause instanceof Overtaken) return false;
    if (cause instanceof LockTaken) {
      const merge = `the merge of ${shortId(cause.by)} into ${baseName(this.state.task.base)}`;
      return this.release(clock.now() + lockPauseMs, merge);
    }

    this.faults += 1;
    const message = cause instanceof Error ? cause.message : String(cause);
    const isForPerson = cause instanceof UserError;
    const isTransient = cause instanceof TransientError;
    if (!isForPerson && !isTransient) console.error(cause);
    const { phase } = this.state;
    const isTold = phase.name === "error" && phase.message.startsWith(message);
    if (!isTold) log.add("worker", currentAttempt(this.state), `✗ ${message}`);
    if (isTransient || (!isForPerson && this.faults < maxBugs)) {
      return this.release(retryAt(clock.now(), this.faults), `another try: ${message}`);
    }
    // An abort depends on no policy.
    const next = decide(this.state, clock.now(), defaultPolicy);
    if (next.do === "abort") {
      // Its repository is gone, say: what ended the work must not stand in the way of an end.
      await processes.end();
      for (const sha of commitsInCi(this.state))
        await this.ports?.ci.cancel(sha).catch(console.error);
      await this.record({ type: "aborted", at: clock.now(), by: next.by });
      return false;
    }
    if (isAtRest(this.state)) {
      await this.refuseAll(message);
      return this.release(null, restReason(this.state));
    }
    const hint = isForPerson && cause.tryThis !== undefined ? `; try: ${cause.tryThis}` : "";
    await this.record({ type: "errored", at: clock.now(), message: `${message}${hint}` });
    return false;
  }

  /** Whoever asked for something that fails is told so, and may ask again when it is mended. */
  private async refuseAll(reason: string): Promise<void> {
    const { merge, words } = this.state.requests;
    const at = this.deps.context.clock.now();
    if (merge !== null)
      await this.record({ type: "request_refused", at, request: "merge", reason });
    if (words.length > 0)
      await this.record({ type: "request_refused", at, request: "continue", reason });
  }

  /** A person's request came in while an effect ran: the newest state knows it. */
  private async reload(): Promise<false> {
    const row = await this.deps.store.readTask(this.claim.lease.taskId);
    if (row === undefined) throw new Interruption("lease_lost");
    this.state = row.state;
    this.seq = row.seq;
    this.isItsTurn = false;
    return false;
  }

  private async release(wakeAt: Instant | null, reason: string): Promise<true> {
    const { clock, log } = this.deps.context;
    await log.flush();
    const { hurriedAt } = this.claim;
    const wait = { wakeAt, reason, faults: this.faults, now: clock.now(), hurriedAt };
    await this.deps.store.release(this.claim.lease, this.seq, wait);
    return true;
  }
}

/** What was about to be done is no longer to be done: decide anew. */
class Overtaken extends Error {}

class LockTaken extends Error {
  readonly by: TaskId;

  constructor(by: TaskId) {
    super(`the lock is held by ${by}`);
    this.by = by;
  }
}
