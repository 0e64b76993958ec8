import type { TaskList, TaskView } from "@ampx/core";
import { costCell } from "./amounts.ts";
import { columnLine, columnWidths } from "./columns.ts";
import { displayWidth, shortened } from "./display-width.ts";
import { age, aWhileMs } from "./duration.ts";
import { localTime } from "./local-time.ts";
import { type Paint, styleOfStatus } from "./paint.ts";
import { pauseLines } from "./pauses-text.ts";
import { printableLine } from "./printable.ts";
import { repoName } from "./repo-name.ts";

export interface TaskTableOptions {
  /** Epoch milliseconds. */
  now: number;
  /** Of the terminal; undefined where nothing needs to be cut, as in a pipe. */
  columns?: number;
  paint: Paint;
  /** Also tells whose task it is. */
  withOwner: boolean;
}

/** The tasks as `ampx ls` shows them, newest first, without a line break at the end; above them what is paused. */
export function taskTable(
  { tasks, total, pauses = [] }: Listed,
  options: TaskTableOptions,
): string {
  return [...pauseLines(pauses, options), table({ tasks, total }, options)].join("\n");
}

type Listed = Omit<TaskList, "pauses"> & Partial<Pick<TaskList, "pauses">>;

function table({ tasks, total }: Pick<TaskList, "tasks" | "total">, options: TaskTableOptions) {
  if (tasks.length === 0) return total === 0 ? noTasks(options) : "No more tasks.";
  const rows = tasks.map((task) => cells(task, options));
  const head = [
    "ID",
    "STATUS",
    "TRY",
    "COST",
    ...(options.withOwner ? ["BY"] : []),
    "REPO",
    "TITLE",
    "AGE",
    "WAITS FOR",
  ];
  const widths = fit([head, ...rows], options.columns);
  const lines = [
    columnLine(head, widths, (text) => options.paint("dim", text)),
    ...tasks.map((task, index) => {
      // A time is worth more than the end of a sentence.
      const row = [...(rows[index] ?? []).slice(0, -1), standing(task, options.now, widths.at(-1))];
      return columnLine(row, widths, (text, column) =>
        styled(text, head[column], task, options.paint),
      );
    }),
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
    costCell(task.used),
    ...(withOwner ? [printableLine(task.created_by)] : []),
    printableLine(repoName(task.repo)),
    printableLine(titleCell(task)),
    age(task.created_at, now),
    standing(task, now),
  ];
}

/** What people call it comes first, the id of its ticket or the number of its issue: a narrow terminal cuts the end. */
function titleCell({ title, issue, ticket }: TaskView): string {
  if (ticket !== null && !title.includes(ticket.id)) return `${ticket.id} ${title}`;
  if (issue === null || title.includes(`#${issue.number}`)) return title;
  return `#${issue.number} ${title}`;
}

/** What it waits for, until when if that is a while, and how far it has come. Where that is wider than `width`, its time stays whole. */
function standing(
  { waiting_for: reason, waiting_until: until, phase, progress }: TaskView,
  now: number,
  width = Infinity,
): string {
  const words = printableLine(reason ?? phaseWords(phase));
  const isAWhile = until !== null && Date.parse(until) - now > aWhileMs;
  const when = isAWhile ? ` (${localTime(until, now)})` : "";
  const whole = `${words}${when}${progress === "" ? "" : `; ${printableLine(progress)}`}`;
  // Where next to no words were left beside it, the words are worth more.
  return when === "" || displayWidth(whole) <= width || width < 2 * when.length
    ? whole
    : `${shortened(words, width - when.length)}${when}`;
}

/** What a task that waits for nothing is being done. */
function phaseWords(phase: string): string {
  return `– (${phase.replaceAll("_", " ")})`;
}

// The titles and the reasons give way when the terminal is narrow, the longest first; a reason says more than a title, so it counts less.
function fit(rows: string[][], columns: number | undefined): number[] {
  const widths = columnWidths(rows);
  if (columns === undefined) return widths;
  const last = widths.length - 1;
  const lengthOf = (column: number) => (widths[column] ?? 0) / (column === last ? 1.5 : 1);
  const flexible = [last, last - 2, last - 3];
  let excess = widths.reduce((sum, width) => sum + width + 2, 0) - columns;
  while (excess > 0) {
    const widest = flexible.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a));
    const width = widths[widest] ?? 0;
    if (width <= 8) break;
    widths[widest] = width - 1;
    excess--;
  }
  return widths;
}

function styled(text: string, column: string | undefined, task: TaskView, paint: Paint): string {
  if (column === "STATUS") return paint(styleOfStatus[task.status], text);
  if (column === "ID") return paint("bold", text);
  return column === "AGE" || column === "BY" ? paint("dim", text) : text;
}
