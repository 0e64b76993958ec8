import type { Instant } from "@ampx/core";
import { sql } from "kysely";
import type { UsageQuery, UsageRow } from "../store.ts";
import type { Db } from "../tables.ts";
import { sumOfUsage, usedOf } from "../usage-sum.ts";

export async function usageStats(db: Db, { since, by }: UsageQuery): Promise<UsageRow[]> {
  const rows = await db
    .selectFrom("usage")
    .innerJoin("tasks", "tasks.id", "usage.task_id")
    .select(sumOfUsage)
    .select([keys[by].as("key"), sql<number>`count(distinct usage.task_id)`.as("tasks")])
    .where("usage.at", ">=", since satisfies Instant)
    .groupBy("key")
    .orderBy(by === "day" ? "key" : sql`sum(usage.usd)`, "desc")
    .orderBy("key")
    .limit(1_000)
    .execute();
  return rows.map((row) => ({ key: row.key, tasks: row.tasks, used: usedOf(row) }));
}

/** Days are those of the machine's own time zone, as the cap for a day is. */
const keys = {
  agent: sql<string>`usage.agent`,
  repo: sql<string>`tasks.repo`,
  creator: sql<string>`tasks.created_by`,
  task: sql<string>`usage.task_id`,
  day: sql<string>`date(usage.at / 1000, 'unixepoch', 'localtime')`,
};
