import type { EventView, TaskDetail } from "@ampx/core";
import { laneWords } from "@ampx/core/lane/lane";
import { judgementOf } from "@ampx/core/projection";
import { age } from "./duration.ts";
import { eventLine } from "./event-line.ts";
import { nextCommand } from "./next-command.ts";
import { type Paint, styleOfStatus } from "./paint.ts";
import { printable, printableLine } from "./printable.ts";

/** One task in full, as `ampx show` tells it. `now` in epoch milliseconds. */
export function taskPage(task: TaskDetail, { now, paint }: { now: number; paint: Paint }): string {
  const sections = [
    header(task, now, paint),
    tries(task, paint),
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
    [
      "waits for",
      task.waiting_for === null ? null : waiting(task.waiting_for, task.waiting_since, now),
    ],
    ["asked for", task.requests.length === 0 ? null : task.requests.join(", ")],
    ["repository", printableLine(task.repo)],
    ["branch", `${printableLine(task.branch)}, for ${printableLine(task.base)}`],
    ["commit", task.commit === null ? null : task.commit.slice(0, 12)],
    ["change", task.change === null ? null : printableLine(task.change)],
    [
      "agent",
      printableLine(task.agent) +
        (task.thread_id === null ? "" : `, thread ${printableLine(task.thread_id)}`),
    ],
    ["budget", budget(task)],
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

function waiting(reason: string, since: string | null, now: number): string {
  return printableLine(reason) + (since === null ? "" : `, for ${age(since, now)}`);
}

function budget(task: TaskDetail): string {
  const early = task.tries.filter(({ preflight }) => preflight === "failed").length;
  const parts = [
    `${task.attempts} of ${task.max_attempts} attempts${early === 0 ? "" : ` (${early} red before the push)`}`,
    `${round(task.agent_minutes)} of ${round(task.max_minutes)} agent minutes`,
  ];
  if (task.deadline !== null) parts.push(`until ${task.deadline}`);
  return parts.join(", ");
}

function round(minutes: number): string {
  return String(Math.round(minutes * 10) / 10);
}

function tries(task: TaskDetail, paint: Paint): string {
  if (task.tries.length === 0) return "";
  const lines = task.tries.map((attempt, index) => {
    const commit =
      attempt.commit === null
        ? "changed nothing"
        : `${attempt.commit.slice(0, 8)}, ${attempt.files} file${attempt.files === 1 ? "" : "s"}`;
    const end = attempt.outcome === "completed" ? "" : ` (${attempt.outcome.replaceAll("_", " ")})`;
    const progress = task.trajectory[index] ?? "";
    const parts = [`${attempt.number}  ${commit}${end}`, judgement(attempt, paint), progress];
    return `  ${parts.filter((part) => part !== "").join("  ")}`;
  });
  return [paint("bold", "Attempts"), ...lines].join("\n");
}

function judgement(attempt: TaskDetail["tries"][number], paint: Paint): string {
  const words = printableLine(judgementOf(attempt));
  const isGreen = attempt.verdict === "passed" && attempt.gate.length === 0;
  return words === "" ? "" : paint(isGreen ? "green" : "red", words);
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
