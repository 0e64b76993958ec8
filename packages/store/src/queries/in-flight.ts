import { TaskStatus, type InFlight, type Task } from "@ampx/core";
import { sql } from "kysely";
import type { Db } from "../tables.ts";

/** A look at each of them costs some milliseconds. */
const most = 50;

export async function inFlight(
  db: Db,
  { id, repo, base }: Pick<Task, "id" | "repo" | "base">,
): Promise<InFlight[]> {
  const rows = await db
    .selectFrom("tasks")
    .select(["id", "title", "commit_sha", "status", "waits_turn"])
    .where("repo", "=", repo)
    // As the index has it, word for word.
    .where(sql<boolean>`phase not in ('merged', 'aborted')`)
    .where("base", "=", base)
    .where("id", "<>", id)
    .where("commit_sha", "is not", null)
    .where(sql`json_extract(state, '$.closed')`, "is", null)
    // Earlier ones, for which this one may have to wait, the newest of them first.
    .orderBy(sql`id > ${id}`)
    .orderBy("id", "desc")
    .limit(most)
    .execute();
  return rows.flatMap(({ id: other, title, commit_sha: commit, status, waits_turn }) =>
    commit === null
      ? []
      : [
          {
            id: other,
            title,
            commit,
            status: TaskStatus.parse(status),
            waitsTurn: waits_turn === 1,
          },
        ],
  );
}
