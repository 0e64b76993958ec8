import type { Instant } from "../scalars.ts";

/** What a task wants for itself, or shares with others that only read it. A lock of the task's own repository. */
export interface LockWish {
  name: string;
  shared: boolean;
}

/** A lock as a ticket names it: `user-auth`, or `read:user-auth` to share it. */
export function lockWish(text: string): LockWish {
  const shared = text.startsWith("read:");
  return { name: shared ? text.slice("read:".length) : text, shared };
}

/** Who has a lock, or comes before others for it. */
export interface LockClaim {
  task: string;
  shared: boolean;
  /** `resting`: it holds the lock, and goes on only when a person acts. `beginning`: it gets the lock now. `waiting`: it comes first. */
  is: "holding" | "resting" | "beginning" | "waiting";
  /** Null: it does not hold the lock yet. */
  since: Instant | null;
}

/** One lock while it is decided who begins. */
export interface Lock {
  name: string;
  holders: LockClaim[];
  /** For whom it is kept: the first of all, and the first that does not share it. */
  next: LockClaim | null;
  nextAlone: LockClaim | null;
  /** How many wait for it so far, by whether they share it. */
  waiting: { shared: number; alone: number };
}

/** The lock of this name; made when it is not there. */
export function lockOf(locks: Map<string, Lock>, name: string): Lock {
  const found = locks.get(name);
  if (found !== undefined) return found;
  const waiting = { shared: 0, alone: 0 };
  const lock: Lock = { name, holders: [], next: null, nextAlone: null, waiting };
  locks.set(name, lock);
  return lock;
}

/** Who keeps this task from the lock, a holder that rests before all others; null when nobody does. One's own claims are in nobody's way. */
export function inTheWay(lock: Lock, shared: boolean, task: string): LockClaim | null {
  let found: LockClaim | null = null;
  let isHolder = false;
  for (const claim of lock.holders) {
    if (claim.task === task) isHolder = true;
    if ((shared && claim.shared) || claim.task === task) continue;
    if (claim.is === "resting") return claim;
    found ??= claim;
  }
  // Whoever comes first for it waits for those that hold it, who must not wait for him.
  if (found !== null || isHolder) return found;
  return shared ? lock.nextAlone : lock.next;
}

/** How many that wait for the lock come before a task in whose way this claim is: who would share it does not count, nor does the claim. */
export function aheadFor({ waiting }: Lock, shared: boolean, claim: LockClaim): number {
  const before = waiting.alone + (shared ? 0 : waiting.shared);
  return claim.is === "waiting" ? before - 1 : before;
}

/** From now on this task waits for the lock, before all who come later. */
export function queueFor(lock: Lock, shared: boolean): void {
  if (shared) lock.waiting.shared += 1;
  else lock.waiting.alone += 1;
}

/** Keeps the lock from those who come later, but for whom this task would share it with. */
export function keepFor(lock: Lock, shared: boolean, task: string): void {
  queueFor(lock, shared);
  if (lock.next !== null && (shared || lock.nextAlone !== null)) return;
  const claim: LockClaim = { task, shared, is: "waiting", since: null };
  lock.next ??= claim;
  if (!shared) lock.nextAlone ??= claim;
}
