import type { TaskDetail, Why, WhyReason } from "@ampx/core";
import { age, aWhileMs } from "./duration.ts";
import { localTime } from "./local-time.ts";
import { taskName } from "./named-task.ts";
import { nextCommand } from "./next-command.ts";
import { type Paint, styleOfStatus } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** Why a task is not further than it is, as `ampx why` tells it. `now` in epoch milliseconds. */
export function whyPage(
  why: Why,
  next: string | null,
  { now, paint }: { now: number; paint: Paint },
): string {
  const label = (text: string) => paint("dim", text.padEnd(10));
  const [first, ...later] = why.reasons.map((reason) => reasonLines(reason, now, paint));
  const blank = " ".repeat(10);
  return [
    `${paint("bold", taskName(why))}  ${paint("bold", printableLine(why.title))}`,
    `  ${label("status")} ${standing(why, paint)}`,
    ...indented(first ?? [], label("waits for"), blank),
    // What comes next would show only once the first is gone.
    ...later.flatMap((lines) => indented(lines, label("then"), blank)),
    ...(next === null ? [] : ["", paint("dim", `Next: ${next}`)]),
  ].join("\n");
}

/** What a person would most likely do about it now. */
export function nextAfterWhy({ reasons: [first] }: Why, task: TaskDetail): string | null {
  const [other] = first?.tasks ?? [];
  switch (first?.kind) {
    case "pause":
      return first.repo === null
        ? "ampx resume"
        : `ampx resume --repo ${printableLine(first.repo)}`;
    case "lock":
    case "dependency":
    case "failed_dependency":
      return other === undefined ? "ampx ls --all" : `ampx why ${other.short_id}`;
    case "worker":
    case "place":
    case "repo_limit":
    case "agent_limit":
      return "ampx status";
    case "work":
    case "wait":
    case "person":
    case "end":
    case undefined:
      return nextCommand(task) ?? null;
  }
}

function standing(
  { status, phase, position, queue_length: length, priority, counts_as: counts }: Why,
  paint: Paint,
): string {
  const words = paint(styleOfStatus[status], status);
  const where = phase === status ? "" : ` (${phase.replaceAll("_", " ")})`;
  if (position === null) return `${words}${where}`;
  const raised = counts === priority ? "" : `, raised to ${counts} by its wait`;
  return `${words}${where}, ${position} of ${length} that wait for their turn, priority ${priority}${raised}`;
}

function indented(lines: string[], label: string, blank: string): string[] {
  return lines.map((line, index) => `  ${index === 0 ? label : blank} ${line}`);
}

function reasonLines(reason: WhyReason, now: number, paint: Paint): string[] {
  const parts = [printableLine(reason.text)];
  // Since when a lock is held is in its words.
  if (reason.since !== null && reason.kind !== "lock") parts.push(`for ${age(reason.since, now)}`);
  if (reason.until !== null && Date.parse(reason.until) - now > aWhileMs)
    parts.push(`until ${localTime(reason.until, now)}`);
  const busy = ["place", "repo_limit", "agent_limit"].includes(reason.kind) ? reason.tasks : [];
  return [
    parts.join(", "),
    ...(busy.length === 0 ? [] : [paint("dim", `busy: ${busy.map(taskName).join(", ")}`)]),
  ];
}
