import type { Instant } from "../scalars.ts";
import {
  aheadFor,
  inTheWay,
  keepFor,
  lockOf,
  queueFor,
  type Lock,
  type LockClaim,
} from "./locks.ts";
import { hasRisenBy, inOrder } from "./order.ts";
import { isFull, slotsOf, type Slots } from "./slots.ts";
import type { Limits, Schedule, Standing, WaitReason, Waiting } from "./standing.ts";

export type {
  Held,
  Limits,
  Progress,
  Schedule,
  Standing,
  WaitReason,
  Waiting,
} from "./standing.ts";

/**
 * Who begins now. By priority, which rises with the wait, then by age. Locks are taken all at once or not at all, so nobody waits for one while
 * he holds another. That nobody is overtaken for ever, three of those who wait keep what they need from those behind them: who lacks only a
 * place; who lacks a lock, but not while it rests with a person; and the first who has waited for long and lacks only a slot of his
 * repository or agent.
 */
export function schedule(standing: Standing, limits: Limits, now: Instant): Schedule {
  const { progress, paused, running } = standing;
  const locks = heldLocks(standing.held);
  const byRepo = new Map<string, Slots>();
  const byAgent = new Map<string, Slots>();
  const begin: string[] = [];
  const waits = new Map<string, WaitReason>();
  let waitForPlace = 0;
  let isSlotKept = false;

  for (const task of inOrder(standing.waiting, limits.ageMs, now)) {
    const why = whyNot(task);
    if (why === null) begin.push(task.id);
    else waits.set(task.id, why);
  }
  return { begin, waits };

  /** Null: it begins, and has its locks and slots. */
  function whyNot(task: Waiting): WaitReason | null {
    if (paused.all) return { for: "pause", repo: null };
    if (paused.repos.has(task.repo)) return { for: "pause", repo: task.repo };
    const ownLocks = locksIn(locks, task.repo);
    const ofRepo = slotsOf(byRepo, task.repo, running.byRepo);
    const ofAgent = slotsOf(byAgent, task.agent, running.byAgent);

    const notYet = dependencyReason(task, progress) ?? lockReason(task, ownLocks);
    if (notYet !== null) return notYet;
    const full = slotReason(task, ofRepo, ofAgent);
    if (full !== null) {
      // Else those who need only the one slot or the other could take turns at them for ever.
      if (!isSlotKept && hasRisenBy(task, limits.ageMs, now) > 0) {
        isSlotKept = true;
        ofRepo.kept = 1;
        ofAgent.kept = 1;
        keepLocks(task, ownLocks);
      }
      return full;
    }
    if (begin.length >= limits.places) {
      keepLocks(task, ownLocks);
      return { for: "place", ahead: waitForPlace++ };
    }
    for (const { name, shared } of task.locks) {
      const claim: LockClaim = { task: task.id, shared, is: "beginning", since: null };
      lockOf(ownLocks, name).holders.push(claim);
    }
    ofRepo.running += 1;
    ofAgent.running += 1;
    return null;
  }

  function slotReason({ repo, agent }: Waiting, ofRepo: Slots, ofAgent: Slots): WaitReason | null {
    if (isFull(ofRepo, limits.perRepo))
      return { for: "repo_limit", repo, running: ofRepo.running, ahead: ofRepo.waiting++ };
    if (isFull(ofAgent, limits.perAgent))
      return { for: "agent_limit", agent, running: ofAgent.running, ahead: ofAgent.waiting++ };
    return null;
  }
}

/** By repository and name. */
type Locks = Map<string, Map<string, Lock>>;

function heldLocks(held: Standing["held"]): Locks {
  const locks: Locks = new Map();
  for (const { repo, name, task, shared, since, active } of held)
    lockOf(locksIn(locks, repo), name).holders.push({
      task,
      shared,
      is: active ? "holding" : "resting",
      since,
    });
  return locks;
}

function locksIn(locks: Locks, repo: string): Map<string, Lock> {
  let found = locks.get(repo);
  if (found === undefined) locks.set(repo, (found = new Map()));
  return found;
}

function dependencyReason({ after }: Waiting, progress: Standing["progress"]): WaitReason | null {
  for (const task of after) {
    const found = progress.get(task) ?? unknown;
    if (found.is === "open") return { for: "dependency", task };
    if (found.is === "failed") {
      const { reason, tryThis } = found;
      return { for: "failed_dependency", task, reason, ...(tryThis !== undefined && { tryThis }) };
    }
  }
  return null;
}

const unknown = {
  is: "failed",
  reason: "is not known",
  tryThis: "enqueue it, or abort this one",
} as const;

/** The first lock that it cannot have. */
function lockReason({ id, locks: wishes }: Waiting, locks: Map<string, Lock>): WaitReason | null {
  let reason: WaitReason | null = null;
  let oneRests = false;
  for (const { name, shared } of wishes) {
    const lock = lockOf(locks, name);
    const claim = inTheWay(lock, shared, id);
    if (claim === null) continue;
    const { task: holder, is, since } = claim;
    oneRests ||= is === "resting";
    reason ??= { for: "lock", name, holder, is, since, ahead: aheadFor(lock, shared, claim) };
  }
  if (reason === null) return null;
  for (const { name, shared } of wishes) {
    const lock = lockOf(locks, name);
    if (!oneRests) keepFor(lock, shared, id);
    else if (inTheWay(lock, shared, id) !== null) queueFor(lock, shared);
  }
  return reason;
}

/** It is next for them: a later one must not take them away. */
function keepLocks({ id, locks: wishes }: Waiting, locks: Map<string, Lock>): void {
  for (const { name, shared } of wishes) keepFor(lockOf(locks, name), shared, id);
}
