import type { EventView, TaskDetail } from "@ampx/core";
import { baseName } from "@ampx/core/base-name";
import { laneWords } from "@ampx/core/lane/lane";
import { age, aWhileMs } from "./duration.ts";
import { eventLine } from "./event-line.ts";
import { localTime } from "./local-time.ts";
import { nextCommand } from "./next-command.ts";
import { type Paint, styleOfStatus } from "./paint.ts";
import { printable, printableLine } from "./printable.ts";
import { asksText } from "./task-asks.ts";
import { budgetWords } from "./task-budget.ts";
import { overlapsText } from "./task-overlaps.ts";
import { reviewsText } from "./task-reviews.ts";
import { triesText } from "./task-tries.ts";

/** One task in full, as `ampx show` tells it. `now` in epoch milliseconds. */
export function taskPage(task: TaskDetail, { now, paint }: { now: number; paint: Paint }): string {
  const sections = [
    header(task, now, paint),
    asksText(task, paint),
    triesText(task, paint),
    reviewsText(task, paint),
    overlapsText(task, paint),
    findings(task, paint),
    failure(task, paint),
    history(task.history, paint),
    next(task, paint),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function header(task: TaskDetail, now: number, paint: Paint): string {
  const facts: [string, string | null][] = [
    [
      "status",
      paint(styleOfStatus[task.status], task.status) +
        (task.phase === task.status ? "" : ` (${task.phase.replaceAll("_", " ")})`),
    ],
    ["waits for", task.waiting_for === null ? null : waiting(task.waiting_for, task, now)],
    ["attached", task.attached_by === null ? null : printableLine(task.attached_by)],
    ["asked for", requests(task) || null],
    ["ticket", task.ticket === null ? null : ticketWords(task.ticket, task)],
    ["issue", task.issue === null ? null : issueWords(task.issue)],
    ["repository", printableLine(task.repo)],
    ["branch", `${printableLine(task.branch)}, for ${printableLine(baseName(task.base))}`],
    ["commit", task.commit === null ? null : task.commit.slice(0, 12)],
    ["change", task.change === null ? null : printableLine(task.change)],
    [
      "agent",
      printableLine(task.agent) +
        (task.thread_id === null ? "" : `, thread ${printableLine(task.thread_id)}`),
    ],
    ["fallbacks", task.fallbacks.length === 0 ? null : printableLine(task.fallbacks.join(", "))],
    ["budget", budgetWords(task)],
    ["lets pass", task.allowed.length === 0 ? null : printableLine(task.allowed.join(", "))],
    ["started", `${age(task.created_at, now)} ago by ${printableLine(task.created_by)}`],
    ["worktree", task.worktree === null ? null : printableLine(task.worktree)],
    ["id", task.id],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === null ? [] : [`  ${paint("dim", name.padEnd(10))} ${value}`],
  );
  return [
    `${paint("bold", task.short_id)}  ${paint("bold", printableLine(task.title))}`,
    ...lines,
  ].join("\n");
}

function ticketWords(
  { id, locks, dependencies, tags, estimate_min: estimate }: NonNullable<TaskDetail["ticket"]>,
  { priority, locks: held }: TaskDetail,
): string {
  const wanted = locks.length === 0 ? null : `locks ${locks.join(", ")}`;
  const parts = [
    id,
    `priority ${priority}`,
    wanted === null ? null : `${wanted}${held.length > 0 ? " (held)" : ""}`,
    dependencies.length === 0 ? null : `after ${dependencies.join(", ")}`,
    tags.length === 0 ? null : `tags ${tags.join(", ")}`,
    estimate === null ? null : `estimated at ${estimate} min`,
  ];
  return printableLine(parts.filter((part) => part !== null).join("; "));
}

function issueWords({ number, url }: NonNullable<TaskDetail["issue"]>): string {
  return `#${number}, ${printableLine(url)}`;
}

/** Whoever has attached is told apart. */
function requests(task: TaskDetail): string {
  return task.requests.filter((request) => request !== "attach").join(", ");
}

function waiting(
  reason: string,
  { waiting_since: since, waiting_until: until }: TaskDetail,
  now: number,
): string {
  const parts = [printableLine(reason)];
  if (since !== null) parts.push(`for ${age(since, now)}`);
  if (until !== null && Date.parse(until) - now > aWhileMs)
    parts.push(`until ${localTime(until, now)}`);
  return parts.join(", ");
}

function findings(task: TaskDetail, paint: Paint): string {
  if (task.findings.length === 0) return "";
  const lines = task.findings.map(({ rule, file, line, evidence, verdict }) => {
    const place = `${file}${line === null ? "" : `:${line}`}`;
    const style = ({ hold: "yellow", undo: "red", allow: "dim" } as const)[verdict];
    return `  ${paint(style, verdict)}  ${printableLine(rule)}  ${printableLine(place)}  ${paint("dim", printableLine(evidence))}`;
  });
  return [paint("bold", "What the gate found"), ...lines].join("\n");
}

function failure(task: TaskDetail, paint: Paint): string {
  if (task.failure === null) return "";
  const excerpt = printable(task.failure.excerpt)
    .trimEnd()
    .split("\n")
    .map((line) => `  ${paint("dim", "│")} ${line}`);
  return [
    `${paint("bold", "What failed")} in ${task.failure.sha.slice(0, 8)}${lane(task.failure)}`,
    ...excerpt,
    `  ${paint("dim", `full log: ${printableLine(task.failure.log)}`)}`,
  ].join("\n");
}

function lane({ by, lane: name, reason }: NonNullable<TaskDetail["failure"]>): string {
  if (by === "preflight") return ", before the push";
  return name === "code" ? "" : `: ${laneWords[name].words} (${printableLine(reason)})`;
}

function history(events: EventView[], paint: Paint): string {
  if (events.length === 0) return "";
  return [paint("bold", "History"), ...events.map((event) => `  ${eventLine(event, paint)}`)].join(
    "\n",
  );
}

function next(task: TaskDetail, paint: Paint): string {
  const hint = nextCommand(task);
  return hint === undefined ? "" : paint("dim", `Next: ${hint}`);
}
