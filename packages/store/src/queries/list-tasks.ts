import { TaskId, TaskStatus, UserError, type Instant } from "@ampx/core";
import { sql, type RawBuilder } from "kysely";
import type { TaskQuery, TaskRow } from "../store.ts";
import type { Db } from "../tables.ts";
import { taskRow } from "../task-row.ts";

export async function listTasks(
  db: Db,
  query: TaskQuery,
  now: Instant,
): Promise<{ tasks: TaskRow[]; total: number; nextCursor: string | null }> {
  const rows = await db
    .selectFrom("tasks")
    .selectAll()
    .where("id", "in", newestIds(query, query.limit + 1))
    .orderBy("id", "desc")
    .execute();
  const page = rows.slice(0, query.limit);
  const tasks: TaskRow[] = [];
  for (const row of page) tasks.push(await taskRow(db, row, now));
  const more = rows.length > page.length;
  return {
    tasks,
    total: await countTasks(db, query),
    nextCursor: more ? (page.at(-1)?.id ?? null) : null,
  };
}

/**
 * One branch a status, each read off an index in the order of the list and cut at once: a single query for several statuses would
 * sort all their tasks, or walk over all tasks in search of a rare status.
 */
function newestIds(query: TaskQuery, limit: number): RawBuilder<string> {
  const { repo, createdBy } = query;
  const before = query.cursor === undefined ? sql`true` : sql`id < ${parseCursor(query.cursor)}`;
  const isFiltered = query.statuses !== undefined || repo !== undefined || createdBy !== undefined;
  if (!isFiltered)
    return sql<string>`(select id from tasks where ${before} order by id desc limit ${limit})`;

  const statuses = [...new Set(query.statuses ?? TaskStatus.options)];
  if (statuses.length === 0) return sql<string>`(select null)`;
  const branches = statuses.map((status) => {
    const conditions = [sql`status = ${status}`, before];
    if (repo !== undefined) conditions.push(sql`repo = ${repo}`);
    if (createdBy !== undefined) conditions.push(sql`created_by = ${createdBy}`);
    return sql`select id from (select id from tasks where ${sql.join(conditions, sql` and `)} order by id desc limit ${limit})`;
  });
  return sql<string>`(select id from (${sql.join(branches, sql` union all `)}) order by id desc limit ${limit})`;
}

async function countTasks(db: Db, { statuses, repo, createdBy }: TaskQuery): Promise<number> {
  let query = db
    .selectFrom("task_counts")
    .select((count) => count.fn.sum<number | null>("count").as("total"));
  if (statuses !== undefined) query = query.where("status", "in", statuses);
  if (repo !== undefined) query = query.where("repo", "=", repo);
  if (createdBy !== undefined) query = query.where("created_by", "=", createdBy);
  const row = await query.executeTakeFirst();
  return row?.total ?? 0;
}

function parseCursor(cursor: string): TaskId {
  const id = TaskId.safeParse(cursor);
  if (!id.success)
    throw new UserError(`"${cursor}" is not a cursor.`, {
      kind: "invalid",
      tryThis: "pass on the next_cursor of the page before",
    });
  return id.data;
}
