import type { TaskDetail } from "@ampx/core";

/** What a person would most likely do about the task now. */
export function nextCommand(
  task: Pick<TaskDetail, "status" | "phase" | "short_id">,
): string | undefined {
  if (task.phase === "ready") return `ampx merge ${task.short_id}`;
  switch (task.status) {
    case "needs_review":
    case "error":
    case "aborted":
      return `ampx continue ${task.short_id} -m "what to do"`;
    case "queued":
    case "running":
    case "retrying":
      return `ampx logs -f ${task.short_id}`;
    case "success":
      return undefined;
  }
}
