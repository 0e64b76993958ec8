import type { Instant, Millis } from "../scalars.ts";
import type { LockClaim, LockWish } from "./locks.ts";

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
  /** It will not come that far by itself. `reason`: what became of it, as in "which was aborted". `tryThis`: what a person can do about it. */
  | { is: "failed"; reason: string; tryThis?: string };

/** A lock that a task holds. Locks of one name in two repositories have nothing to do with each other. */
export interface Held {
  repo: string;
  name: string;
  task: string;
  shared: boolean;
  since: Instant;
  /** It works towards its end, or waits for CI; false: it rests until a person acts. */
  active: boolean;
}

export interface Limits {
  /** How many tasks may begin now. With 0 the reasons of all are told as if the next place were theirs. */
  places: number;
  perRepo: number;
  perAgent: number;
  /** After so long a wait a task counts as one priority higher, and once more after as long again. More than 0. */
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

/** Why a task does not begin yet. `ahead`: how many others that wait come before it for the same. */
export type WaitReason =
  /** `repo` null: everything is paused. */
  | { for: "pause"; repo: string | null }
  | { for: "dependency"; task: string }
  | { for: "failed_dependency"; task: string; reason: string; tryThis?: string }
  /** `holder` is in the way, and not counted in `ahead`; `is` says how. `since` null: it does not hold the lock yet. */
  | {
      for: "lock";
      name: string;
      holder: string;
      is: LockClaim["is"];
      since: Instant | null;
      ahead: number;
    }
  /** `running`: how many agents work in it, at once as many as may; or a last slot is kept for one of those ahead. */
  | { for: "repo_limit"; repo: string; running: number; ahead: number }
  | { for: "agent_limit"; agent: string; running: number; ahead: number }
  | { for: "place"; ahead: number };

export interface Schedule {
  /** In this order; each gets all of its locks. */
  begin: string[];
  /** Of all others, in their order. */
  waits: ReadonlyMap<string, WaitReason>;
}
