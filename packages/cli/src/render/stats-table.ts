import type { Stats, UsedView } from "@ampx/core";
import { shortId } from "@ampx/core/scalars";
import { costCell, tokenCell, tokensOf } from "./amounts.ts";
import { columnLine, columnWidths } from "./columns.ts";
import { localTime } from "./local-time.ts";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";
import { repoName } from "./repo-name.ts";

const titles: Record<Stats["by"], string> = {
  agent: "AGENT",
  day: "DAY",
  repo: "REPO",
  creator: "BY",
  task: "TASK",
};

/** What was used, a line a group, with the sum of all. `now` in epoch milliseconds. */
export function statsTable(
  { since, by, groups, total }: Stats,
  { now, paint }: { now: number; paint: Paint },
): string {
  const from = `Since ${localTime(since, now)}`;
  if (groups.length === 0) return `${from}: nothing was used.`;
  // A task may have used several agents, on several days: their tasks do not add up.
  const withTasks = by !== "task";
  const head = [titles[by], ...(withTasks ? ["TASKS"] : []), "COST", ...tokenTitles];
  const names = namesOf(groups, by);
  const rows = groups.map(({ tasks, used }, index) => [
    names[index] ?? "",
    ...(withTasks ? [String(tasks)] : []),
    ...cells(used),
  ]);
  const sum = ["all", ...(withTasks ? [""] : []), ...cells(total)];
  const widths = columnWidths([head, ...rows, sum]);
  const numbers = head.map((_, column) => column).slice(1);
  const line = (row: string[], style: (text: string) => string) =>
    columnLine(row, widths, style, numbers);
  return [
    `${from}, by ${by}`,
    "",
    line(head, (text) => paint("dim", text)),
    ...rows.map((row) => line(row, (text) => text)),
    line(sum, (text) => paint("bold", text)),
  ].join("\n");
}

const tokenTitles = ["TOKENS", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITTEN"];

function cells(used: UsedView): string[] {
  const { tokens_known: known } = used;
  return [
    costCell(used),
    tokenCell(tokensOf(used), known),
    tokenCell(used.input_tokens, known),
    tokenCell(used.output_tokens, known),
    tokenCell(used.cache_read_tokens, known),
    tokenCell(used.cache_write_tokens, known),
  ];
}

function namesOf(groups: Stats["groups"], by: Stats["by"]): string[] {
  const keys = groups.map(({ key }) => key);
  if (by === "task") return keys.map(shortId);
  if (by !== "repo") return keys.map(printableLine);
  const names = keys.map(repoName);
  // Two repositories of one name are told by their paths.
  return keys.map((key, index) => {
    const name = names[index] ?? key;
    return printableLine(names.indexOf(name) === names.lastIndexOf(name) ? name : key);
  });
}
