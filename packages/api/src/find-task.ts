import { shortId, type TaskId } from "@ampx/core";
import type { Store, TaskRow } from "@ampx/store";
import type { Request } from "express";
import { ProblemError } from "./problem.ts";

/** The task that the path names by its full id, its short id or as much of it as names no other. */
export function findTask(req: Request, store: Store): Promise<TaskRow> {
  return findTaskBy(String(req.params["id"]), store);
}

/** The same for a task that is named elsewhere in a request. */
export async function findTaskBy(text: string, store: Store): Promise<TaskRow> {
  const ids = /^[0-9a-z]{1,26}$/i.test(text) ? await store.resolveTaskId(text) : [];
  const [id, ...others] = ids;
  if (id === undefined) throw notFound();
  if (others.length > 0) throw await ambiguous(ids, store);
  const row = await store.readTask(id);
  if (row === undefined) throw notFound();
  return row;
}

export function notFound(): ProblemError {
  return new ProblemError("not_found", "There is no task with this id.", {
    tryThis: "ampx ls --all",
  });
}

async function ambiguous(ids: TaskId[], store: Store): Promise<ProblemError> {
  const rows = await Promise.all(ids.map((id) => store.readTask(id)));
  const candidates = rows
    .filter((row) => row !== undefined)
    .map((row) => `${row.id} (${row.state.task.title})`);
  return new ProblemError("ambiguous_id", `The id fits ${candidates.join(", ")}.`, {
    tryThis: `more of the id, such as ${ids.map(shortId).join(" or ")}, or all of it`,
  });
}
