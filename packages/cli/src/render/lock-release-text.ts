import type { ReleasedLocks } from "@ampx/core";
import type { LockHolder } from "../lock-holders.ts";
import { age } from "./duration.ts";
import { taskName } from "./named-task.ts";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** What a person is told before locks are taken away. */
export function releaseQuestion(holders: readonly LockHolder[], now: number): string {
  const lines = holders.map(({ task, status, locks, since, waiting }) => {
    const held = `has held ${lockNames(locks)} for ${age(since, now)}`;
    return `${taskName(task)}, ${status}, ${held}; ${tasks(waiting)} for that.`;
  });
  return [
    ...lines,
    "Others may begin then. A turn that runs goes on beside them; the next one waits until its task has all of its locks again.",
  ].join("\n");
}

/** What was taken away. */
export function releasedText({ released }: ReleasedLocks, paint: Paint): string {
  return released
    .map(
      (task) =>
        `${paint("green", "✓")} ${taskName(task)} no longer holds ${lockNames(task.locks)}; its next turn waits until it has ${task.locks.length === 1 ? "it" : "them"} again`,
    )
    .join("\n");
}

function lockNames(locks: readonly string[]): string {
  return `${locks.length === 1 ? "lock" : "locks"} ${locks.map(printableLine).join(", ")}`;
}

function tasks(count: number): string {
  return count === 0 ? "no task waits" : count === 1 ? "1 task waits" : `${count} tasks wait`;
}
