import type { Instant, Millis } from "../scalars.ts";
import { inTheWay, type LockClaim, type LockWish } from "./locks.ts";

/** A task that has not begun. */
export interface Waiting {
  id: string;
  /** 1 comes first. */
  priority: number;
  queuedAt: Instant;
  repo: string;
  agent: string;
  locks: readonly LockWish[];
  /** Ids of tasks that come first. */
  after: readonly string[];
}

/** A task that others depend on, as far as they care. */
export type Progress =
  /** It has come far enough. */
  | { is: "done" }
  | { is: "open" }
  /** It will not come that far by itself. `reason`: in words. */
  | { is: "failed"; reason: string };

/** A lock that a task holds. */
export interface Held extends LockClaim {
  name: string;
  since: Instant;
  /** It works towards its end, or waits for CI; false: it rests until a person acts. */
  active: boolean;
}

export interface Limits {
  /** How many tasks may begin now. */
  places: number;
  perRepo: number;
  perAgent: number;
  /** After so long a wait a task counts as one priority higher, and once more after as long again. */
  ageMs: Millis;
}

export interface Standing {
  /** In the order in which they were enqueued, or any other. */
  waiting: readonly Waiting[];
  held: readonly Held[];
  /** Of those that something depends on; who is not in it is not known. */
  progress: ReadonlyMap<string, Progress>;
  /** Tasks that have begun and are not at rest. */
  running: { byRepo: ReadonlyMap<string, number>; byAgent: ReadonlyMap<string, number> };
  /** Repositories in which nothing begins; `all`: nowhere. */
  paused: { all: boolean; repos: ReadonlySet<string> };
}

/** Why a task does not begin yet. `ahead`: how many others come before it for the same. */
export type WaitReason =
  | { for: "pause"; repo: string | null }
  | { for: "dependency"; task: string }
  | { for: "failed_dependency"; task: string; reason: string }
  | { for: "lock"; name: string; holder: string; since: Instant | null; ahead: number }
  | { for: "repo_limit"; running: number }
  | { for: "agent_limit"; running: number }
  | { for: "place"; ahead: number };

export interface Schedule {
  /** In this order; each gets all of its locks. */
  begin: string[];
  waits: ReadonlyMap<string, WaitReason>;
}

/**
 * Who begins now. By priority, which rises with the wait, then by age. Locks are taken all at once or not at all, so nobody waits for one while
 * he holds another; who comes first and has to wait for a lock keeps those behind him from what he needs, so that nobody is overtaken for ever;
 * but not while that lock rests with a person.
 */
export function schedule(standing: Standing, limits: Limits, now: Instant): Schedule {
  const { progress, paused } = standing;
  const byRepo = new Map(standing.running.byRepo);
  const byAgent = new Map(standing.running.byAgent);
  const holders = new Map<string, LockClaim[]>();
  const heldBy = new Map<string, Held>();
  for (const held of standing.held) {
    add(holders, held.name, held);
    heldBy.set(`${held.name}\n${held.task}`, held);
  }
  const reserved = new Map<string, LockClaim[]>();
  /** How many wait for each lock so far. */
  const queues = new Map<string, number>();
  const begin: string[] = [];
  const waits = new Map<string, WaitReason>();
  let ahead = 0;

  for (const task of inOrder(standing.waiting, limits.ageMs, now)) {
    const why = whyNot(task);
    if (why !== null) {
      waits.set(task.id, why);
      continue;
    }
    if (begin.length >= limits.places) {
      waits.set(task.id, { for: "place", ahead });
      ahead += 1;
      // It is next for what it needs: a later one that finds a place must not take it away.
      for (const wish of task.locks)
        add(reserved, wish.name, { task: task.id, shared: wish.shared });
      continue;
    }
    begin.push(task.id);
    for (const { name, shared } of task.locks) add(holders, name, { task: task.id, shared });
    count(byRepo, task.repo);
    count(byAgent, task.agent);
  }
  return { begin, waits };

  function whyNot(task: Waiting): WaitReason | null {
    if (paused.all) return { for: "pause", repo: null };
    if (paused.repos.has(task.repo)) return { for: "pause", repo: task.repo };
    for (const other of task.after) {
      const found = progress.get(other) ?? { is: "failed", reason: "it is not known" };
      if (found.is === "failed")
        return { for: "failed_dependency", task: other, reason: found.reason };
      if (found.is === "open") return { for: "dependency", task: other };
    }
    const lock = lockReason(task);
    if (lock !== null) return lock;
    const inRepo = byRepo.get(task.repo) ?? 0;
    if (inRepo >= limits.perRepo) return { for: "repo_limit", running: inRepo };
    const ofAgent = byAgent.get(task.agent) ?? 0;
    if (ofAgent >= limits.perAgent) return { for: "agent_limit", running: ofAgent };
    return null;
  }

  /** The first lock that it cannot have. While only active tasks are in its way, it keeps what it needs from those behind it. */
  function lockReason({ id, locks }: Waiting): WaitReason | null {
    let reason: WaitReason | null = null;
    let mayReserve = true;
    for (const wish of locks) {
      const holder = inTheWay(wish, holders.get(wish.name) ?? [], id);
      const claim = holder ?? inTheWay(wish, reserved.get(wish.name) ?? [], id);
      if (claim === undefined) continue;
      const held = heldBy.get(`${wish.name}\n${claim.task}`);
      if (held !== undefined && !held.active) mayReserve = false;
      const before = queues.get(wish.name) ?? 0;
      queues.set(wish.name, before + 1);
      reason ??= {
        for: "lock",
        name: wish.name,
        holder: claim.task,
        since: held?.since ?? null,
        ahead: before,
      };
    }
    if (reason !== null && mayReserve)
      for (const { name, shared } of locks) add(reserved, name, { task: id, shared });
    return reason;
  }
}

/** By the priority that the wait has raised, then the oldest first; ids settle what is left. */
function inOrder(waiting: readonly Waiting[], ageMs: Millis, now: Instant): Waiting[] {
  // A clock that was set back makes nobody younger than new.
  const risen = ({ priority, queuedAt }: Waiting) =>
    priority - Math.floor(Math.max(0, now - queuedAt) / ageMs);
  return waiting
    .map((task) => ({ task, rank: risen(task) }))
    .toSorted(
      (a, b) =>
        a.rank - b.rank ||
        a.task.queuedAt - b.task.queuedAt ||
        (a.task.id < b.task.id ? -1 : a.task.id > b.task.id ? 1 : 0),
    )
    .map(({ task }) => task);
}

function add(claims: Map<string, LockClaim[]>, name: string, { task, shared }: LockClaim): void {
  const found = claims.get(name);
  if (found === undefined) claims.set(name, [{ task, shared }]);
  else found.push({ task, shared });
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
