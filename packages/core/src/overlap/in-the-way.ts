import type { TaskStatus } from "../projection.ts";
import type { Sha, TaskId } from "../scalars.ts";
import type { Overlap } from "./overlap.ts";

/** A task that has pushed to its branch and whose change is neither merged nor given up: others may meet it. */
export interface InFlight {
  id: TaskId;
  title: string;
  /** What it last pushed. */
  commit: Sha;
  status: TaskStatus;
  /** It goes on only when the schedule lets it. */
  waitsTurn: boolean;
}

/**
 * The first overlap that a task waits for where the later one waits: with an earlier task that goes on by itself. Nobody waits for a later
 * one, so no two wait for each other; for one that a person must help, who may be away for days; nor for one that waits its turn itself, which
 * may be for a lock that this one holds.
 */
export function inTheWay(
  id: TaskId,
  overlaps: readonly Overlap[],
  inFlight: readonly InFlight[],
): Overlap | undefined {
  return overlaps.find(({ task }) => {
    const other = inFlight.find((one) => one.id === task);
    return other !== undefined && isEarlier(task, id) && goesOn(other);
  });
}

/** Whether the first of two tasks was created before the other: ids begin with the time. */
export function isEarlier(one: TaskId, other: TaskId): boolean {
  return one < other;
}

function goesOn({ status, waitsTurn }: InFlight): boolean {
  return !waitsTurn && status !== "needs_review" && status !== "error";
}
