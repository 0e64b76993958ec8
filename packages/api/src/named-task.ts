import { type NamedTask, shortId, type TaskId } from "@ampx/core";
import type { FoundSchedule } from "@ampx/store";

type Names = FoundSchedule["names"];

/** A task that a schedule speaks of. */
export function namedTask(id: TaskId, names: Names): NamedTask {
  return { id, short_id: shortId(id), ticket: names.get(id)?.ticket ?? null };
}
