import { LogStream, type LogLine, type TaskId } from "@ampx/core";
import type { LogQuery } from "../store.ts";
import type { Db } from "../tables.ts";

export async function readLog(
  db: Db,
  taskId: TaskId,
  { after, tail, streams, attempt, limit }: LogQuery,
): Promise<LogLine[]> {
  let query = db
    .selectFrom("log_lines")
    .select(["n", "at", "stream", "attempt", "text"])
    .where("task_id", "=", taskId);
  if (after !== undefined) query = query.where("n", ">", after);
  if (streams !== undefined) query = query.where("stream", "in", streams);
  if (attempt !== undefined) query = query.where("attempt", "=", attempt);
  const rows =
    tail === undefined
      ? await query.orderBy("n").limit(limit).execute()
      : (await query.orderBy("n", "desc").limit(Math.min(tail, limit)).execute()).toReversed();
  return rows.map((row) => ({
    ...row,
    at: new Date(row.at).toISOString(),
    stream: LogStream.parse(row.stream),
  }));
}
