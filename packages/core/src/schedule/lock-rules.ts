import type { TaskStatus } from "../projection.ts";
import type { Instant, Millis } from "../scalars.ts";

/** How long locks are held. */
export interface LockRules {
  /** Until a task is merged, or green already. */
  holdUntil: "merged" | "green";
  /** Locks of a task that rests for so long go to others. */
  maxRestMs: Millis;
}

/** A task that holds locks, as far as these rules care. */
export interface LockHolding {
  status: TaskStatus;
  /** When it last moved. */
  updatedAt: Instant;
  /** A person works in its worktree. */
  attached: boolean;
}

/** Why the locks of a task are taken from it now, in words; null: it keeps them. */
export function whyRelease(
  { status, updatedAt, attached }: LockHolding,
  { holdUntil, maxRestMs }: LockRules,
  now: Instant,
): string | null {
  if (attached) return null;
  if (status === "success" && holdUntil === "green") return "it is green";
  const rests = status === "success" || status === "needs_review" || status === "error";
  if (!rests || now - updatedAt < maxRestMs) return null;
  return `it has rested for ${Math.floor((now - updatedAt) / 3_600_000)} h`;
}
