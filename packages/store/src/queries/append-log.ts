import type { TaskId } from "@ampx/core";
import { CompiledQuery } from "kysely";
import type { NewLogLine } from "../store.ts";
import type { Db } from "../tables.ts";

/** Rows a statement: more no longer make it faster. */
const chunk = 100;

export async function appendLog(
  db: Db,
  taskId: TaskId,
  lines: NewLogLine[],
  cap: number,
): Promise<void> {
  if (lines.length === 0) return;
  await db.transaction().execute(async (trx) => {
    const newest = await trx
      .selectFrom("log_lines")
      .select("n")
      .where("task_id", "=", taskId)
      .orderBy("n", "desc")
      .limit(1)
      .executeTakeFirst();
    const numbered = numberFrom(newest?.n ?? 0, lines);
    const last = numbered.at(-1)?.n ?? 0;
    const kept = numbered.filter(({ n }) => n > last - cap);
    await trx
      .deleteFrom("log_lines")
      .where("task_id", "=", taskId)
      .where("n", "<=", last - cap)
      .execute();
    for (let from = 0; from < kept.length; from += chunk)
      await insert(trx, taskId, kept.slice(from, from + chunk));
  });
}

function numberFrom(newest: number, lines: NewLogLine[]): { n: number; line: NewLogLine }[] {
  let n = newest;
  return lines.map((line) => {
    n += 1 + (line.skippedBefore ?? 0);
    return { n, line };
  });
}

/** Written by hand: building the same statement for each chunk would take longer than running it. */
async function insert(
  trx: Db,
  taskId: TaskId,
  rows: { n: number; line: NewLogLine }[],
): Promise<void> {
  const values = Array.from(rows, () => "(?, ?, ?, ?, ?, ?)").join(", ");
  const parameters = rows.flatMap(({ n, line }) => [
    taskId,
    n,
    line.at,
    line.stream,
    line.attempt,
    line.text,
  ]);
  await trx.executeQuery(
    CompiledQuery.raw(
      `insert into log_lines (task_id, n, at, stream, attempt, text) values ${values}`,
      parameters,
    ),
  );
}
