import type { TaskDetail } from "@ampx/core";
import type { Client } from "./client.ts";

/** Whether nothing more happens to a task unless somebody asks for it. */
function atRest(task: Pick<TaskDetail, "status" | "requests">): boolean {
  return (
    ["success", "needs_review", "aborted", "error"].includes(task.status) &&
    task.requests.length === 0
  );
}

/** Waits until the task is at rest. Throws the reason of the signal when it aborts. */
export async function taskAtRest(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<TaskDetail> {
  using stop = stoppable(signal);
  let task = await client.readTask(id, signal);
  if (atRest(task)) return task;
  for await (const _event of client.followTask(
    task.id,
    task.history.at(-1)?.id ?? 0,
    stop.signal,
  )) {
    task = await client.readTask(task.id, signal);
    if (atRest(task)) return task;
  }
  signal.throwIfAborted();
  throw new Error("the stream of events ended by itself");
}

/** A signal that also aborts at the end of the scope, so that no connection outlives it. */
function stoppable(signal: AbortSignal): { signal: AbortSignal } & Disposable {
  const own = new AbortController();
  return { signal: AbortSignal.any([signal, own.signal]), [Symbol.dispose]: () => own.abort() };
}
