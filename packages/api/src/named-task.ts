import { type NamedTask, shortId, type TaskId } from "@ampx/core";
import type { FoundSchedule } from "@ampx/store";

type Names = FoundSchedule["names"];

/** A task that a schedule speaks of. */
export function namedTask(id: TaskId, names: Names): NamedTask {
  return { id, short_id: shortId(id), ticket: names.get(id)?.ticket ?? null };
}

/** The same in words; what no task is known by is the id of a ticket. */
export function taskWords(id: string, names: Names): string {
  const found = names.get(id);
  if (found === undefined) return id;
  return found.ticket === null ? found.shortId : `${found.ticket} (${found.shortId})`;
}
