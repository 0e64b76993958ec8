import type { LockList, NamedTask } from "@ampx/core";
import { columnLine, columnWidths } from "./columns.ts";
import { age } from "./duration.ts";
import { taskName } from "./named-task.ts";
import { type Paint, styleOfStatus } from "./paint.ts";
import { printableLine } from "./printable.ts";
import { repoName } from "./repo-name.ts";

type Lock = LockList["locks"][number];
type Holder = Lock["holders"][number];

/** Who holds which lock and who waits for it, as `ampx locks` shows it: a line a holder. */
export function lockTable(
  { locks }: LockList,
  { now, paint }: { now: number; paint: Paint },
): string {
  if (locks.length === 0) return "No lock is held, and none is waited for.";
  const head = ["LOCK", "REPO", "HELD BY", "STATUS", "FOR", "WAITING"];
  const lines = locks.flatMap((lock) =>
    (lock.holders.length === 0 ? [undefined] : lock.holders).map((holder, index) => ({
      status: holder?.status,
      cells: cells(lock, holder, index === 0, now),
    })),
  );
  const widths = columnWidths([head, ...lines.map((line) => line.cells)]);
  return [
    columnLine(head, widths, (text) => paint("dim", text)),
    ...lines.map(({ status, cells: row }) =>
      columnLine(row, widths, (text, column) => {
        if (column === 0) return paint("bold", text);
        return column === 3 && status !== undefined ? paint(styleOfStatus[status], text) : text;
      }),
    ),
  ].join("\n");
}

function cells(lock: Lock, holder: Holder | undefined, isFirst: boolean, now: number): string[] {
  const name = printableLine(lock.name);
  return [
    holder?.shared === true ? `${name} (shared)` : name,
    printableLine(repoName(lock.repo)),
    holder === undefined ? "nobody yet" : taskName(holder),
    holder === undefined ? "" : holder.status + (holder.attached ? ", attached" : ""),
    holder === undefined ? "" : age(holder.since, now),
    isFirst ? waiting(lock.waiters) : "",
  ];
}

/** At most so many by name: the others have a queue, not a line. */
const maxNamed = 3;

function waiting(waiters: NamedTask[]): string {
  const named = waiters.slice(0, maxNamed).map(taskName).join(", ");
  const more = waiters.length - maxNamed;
  return more > 0 ? `${named} and ${more} more` : named;
}
