import type { Instant, Millis } from "@ampx/core";
import { sql } from "kysely";
import type { News } from "../store.ts";
import type { Db } from "../tables.ts";

/** However many webhooks come, a task is looked at once in this time: several that come together are one look. */
const leastPauseMs: Millis = 1_000;
/** Lest each webhook of a busy repository be a write. */
const heardEveryMs: Millis = 60_000;
const heardKeptMs: Millis = 24 * 60 * 60_000;

export async function hurry(db: Db, news: News, now: Instant): Promise<number> {
  await noteHeard(db, news, now);
  const { shas, branches } = news;
  if (shas.length === 0 && branches.length === 0) return 0;
  const waiting = await db
    .selectFrom("tasks")
    .select("repo")
    .distinct()
    .where("wake_at", "is not", null)
    .execute();
  const repos = waiting.map(({ repo }) => repo).filter((repo) => news.isOf(repo));
  if (repos.length === 0) return 0;
  const { numUpdatedRows } = await db
    .updateTable("tasks")
    .set((row) => ({
      hurried_at: now,
      wake_at: row.fn<number>("min", [
        "wake_at",
        row.fn("max", [
          row.val(now),
          row(row.fn.coalesce("hurried_at", row.val(0)), "+", row.val(leastPauseMs)),
        ]),
      ]),
    }))
    .where("repo", "in", repos)
    // What is at rest waits for no news, a turn for its slot, and what has failed for its pause to end.
    .where("wake_at", "is not", null)
    .where("needs_slot", "=", 0)
    .where("faults", "=", 0)
    .where((row) =>
      row.or([
        row("commit_sha", "in", shas),
        row("branch", "in", branches),
        row(row.fn("json_extract", ["state", row.val("$.base")]), "in", shas),
      ]),
    )
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function noteHeard(db: Db, { repository, runs, words }: News, now: Instant): Promise<void> {
  const found = await db
    .selectFrom("webhooks")
    .select("runs_at")
    .where("repository", "=", repository)
    .executeTakeFirst();
  const isNew = runs && now - (found?.runs_at ?? -Infinity) >= heardEveryMs;
  if (!isNew && !words) return;
  const columns = { ...(isNew && { runs_at: now }), ...(words && { words_at: now }) };
  await db
    .insertInto("webhooks")
    .values({ repository, ...columns })
    .onConflict((conflict) => conflict.column("repository").doUpdateSet(columns))
    .execute();
  const newest = sql<number>`max(coalesce(runs_at, 0), coalesce(words_at, 0))`;
  await db
    .deleteFrom("webhooks")
    .where(newest, "<", now - heardKeptMs)
    .execute();
}
