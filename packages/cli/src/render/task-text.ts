import type { CreatedTask, TaskDetail } from "@ampx/core";
import { nextCommand } from "./next-command.ts";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** What `ampx start` prints. */
export function createdText(task: CreatedTask, paint: Paint): string {
  return [
    `${paint("green", "✓")} ${paint("bold", task.short_id)}  ${printableLine(task.title)}`,
    `  ${paint("dim", "branch")}  ${printableLine(task.branch)}`,
    `  ${paint("dim", "follow")}  ampx logs -f ${task.short_id}`,
  ].join("\n");
}

/** How a task that was followed came to rest, in a line or two. */
export function endText(task: TaskDetail, paint: Paint): string {
  const tries = `after ${task.attempts} attempt${task.attempts === 1 ? "" : "s"}`;
  const next = nextCommand(task);
  const lines = [`${outcome(task, paint)} ${tries}`];
  if (next !== undefined) lines.push(`  next: ${next}`);
  return lines.join("\n");
}

function outcome(
  { status, phase, waiting_for }: Pick<TaskDetail, "status" | "phase" | "waiting_for">,
  paint: Paint,
): string {
  if (status === "success")
    return `${paint("green", "✓")} ${phase === "merged" ? "merged" : "green and ready to merge"}`;
  const reason = printableLine((waiting_for ?? "").replace(/^(you|nothing): /, ""));
  const words = status.replaceAll("_", " ");
  return `${paint("red", "✗")} ${reason.startsWith(words) ? reason : [words, reason].filter(Boolean).join(": ")},`;
}
