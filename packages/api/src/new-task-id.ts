import type { Instant, TaskId } from "@ampx/core";
import { ulid } from "ulid";

/** A new task's id, ordered by the time it was made. */
export function newTaskId(now: Instant): TaskId {
  return ulid(now);
}
