import type { TaskList, TaskView } from "@ampx/core";
import { displayWidth, shortened } from "./display-width.ts";
import { age } from "./duration.ts";
import { type Paint, styleOfStatus } from "./paint.ts";
import { printableLine } from "./printable.ts";

export interface TaskTableOptions {
  /** Epoch milliseconds. */
  now: number;
  /** Of the terminal; undefined where nothing needs to be cut, as in a pipe. */
  columns?: number;
  paint: Paint;
  /** Also tells whose task it is. */
  withOwner: boolean;
}

/** The tasks as `ampx ls` shows them, newest first, without a line break at the end. */
export function taskTable({ tasks, total }: TaskList, options: TaskTableOptions): string {
  if (tasks.length === 0) return total === 0 ? noTasks(options) : "No more tasks.";
  const rows = tasks.map((task) => cells(task, options));
  const head = [
    "ID",
    "STATUS",
    "TRY",
    ...(options.withOwner ? ["BY"] : []),
    "REPO",
    "TITLE",
    "AGE",
    "WAITS FOR",
  ];
  const widths = fit([head, ...rows], options.columns);
  const lines = [
    line(head, widths, (text) => options.paint("dim", text)),
    ...rows.map((row, index) =>
      line(row, widths, (text, column) => styled(text, head[column], tasks[index], options.paint)),
    ),
  ];
  if (total > tasks.length)
    lines.push("", options.paint("dim", `${tasks.length} of ${total} tasks; --limit shows more`));
  return lines.join("\n");
}

function noTasks({ withOwner }: TaskTableOptions): string {
  return withOwner
    ? 'No tasks. Start one: ampx start --repo <path> --task "…"'
    : 'No tasks of yours. Start one: ampx start --repo <path> --task "…", or see everyone\'s: ampx ls --all';
}

function cells(task: TaskView, { now, withOwner }: TaskTableOptions): string[] {
  return [
    task.short_id,
    task.status,
    `${Math.max(task.attempt, task.attempts)}/${task.max_attempts}`,
    ...(withOwner ? [printableLine(task.created_by)] : []),
    printableLine(repoName(task.repo)),
    printableLine(task.title),
    age(task.created_at, now),
    printableLine(standing(task)),
  ];
}

/** What it waits for, and how far it has come. */
function standing({ waiting_for: reason, phase, progress }: TaskView): string {
  const words = reason ?? phaseWords(phase);
  return progress === "" ? words : `${words}; ${progress}`;
}

/** `/srv/projects/shop/repo.git` is known as `shop`, `/srv/shop.git` too. */
function repoName(repo: string): string {
  const parts = repo.split("/").filter(Boolean);
  const last = (parts.at(-1) ?? repo).replace(/\.git$/, "");
  return last === "repo" || last === "" ? (parts.at(-2) ?? repo) : last;
}

/** What a task that waits for nothing is being done. */
function phaseWords(phase: string): string {
  return `– (${phase.replaceAll("_", " ")})`;
}

// By hand: the usual library takes 30 ms for fifty tasks, a third of the time of the whole command.
function line(
  row: string[],
  widths: number[],
  style: (text: string, column: number) => string,
): string {
  const texts = row.map((text, column) => shortened(text, widths[column] ?? 0));
  const last = texts.findLastIndex((text) => text !== "");
  return texts
    .slice(0, last + 1)
    .map((text, column) => {
      const blank = column === last ? 0 : (widths[column] ?? 0) + 2 - displayWidth(text);
      return style(text, column) + " ".repeat(blank);
    })
    .join("");
}

// The titles and the reasons give way when the terminal is narrow, the longest first.
function fit(rows: string[][], columns: number | undefined): number[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  if (columns === undefined) return widths;
  const flexible = [widths.length - 1, widths.length - 3, widths.length - 4];
  let excess = widths.reduce((sum, width) => sum + width + 2, 0) - columns;
  while (excess > 0) {
    const widest = flexible.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a));
    const width = widths[widest] ?? 0;
    if (width <= 8) break;
    widths[widest] = width - 1;
    excess--;
  }
  return widths;
}

function styled(
  text: string,
  column: string | undefined,
  task: TaskView | undefined,
  paint: Paint,
): string {
  if (column === "STATUS" && task !== undefined) return paint(styleOfStatus[task.status], text);
  if (column === "ID") return paint("bold", text);
  return column === "AGE" || column === "BY" ? paint("dim", text) : text;
}
