import type { Instant } from "@ampx/core";
import { sql } from "kysely";
import type { RunningTurn } from "../scheduling.ts";
import type { Db } from "../tables.ts";

export async function turns(db: Db, now: Instant): Promise<RunningTurn[]> {
  const rows = await db
    .selectFrom("tasks")
    .select(["id", "short_id", "ticket_id", "repo", "title", "working_agent"])
    .select(sql<Instant | null>`json_extract(state, '$.phase.turn.startedAt')`.as("since"))
    .where("lease_worker", "is not", null)
    .where("lease_until", ">", now)
    .where("slot", "=", 1)
    .orderBy(sql`since is null`)
    .orderBy("since")
    .orderBy("id")
    .execute();
  return rows.map(({ id, short_id, ticket_id, repo, title, working_agent, since }) => ({
    id,
    shortId: short_id,
    ticket: ticket_id,
    repo,
    title,
    agent: working_agent,
    since,
  }));
}
