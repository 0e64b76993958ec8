import type { Pause } from "../scheduling.ts";
import type { Store } from "../store.ts";
import type { Db } from "../tables.ts";

export async function pause(db: Db, { repo, by, at, untilRestart }: Pause): Promise<void> {
  await db
    .insertInto("pauses")
    .values({ repo: repo ?? everywhere, by, at, until_restart: untilRestart ? 1 : 0 })
    // Whoever says pause during a drain means more than until the restart.
    .onConflict((conflict) =>
      conflict.column("repo").doUpdateSet((row) => ({
        until_restart: row.fn<number>("min", ["pauses.until_restart", "excluded.until_restart"]),
      })),
    )
    .execute();
}

export async function resume(db: Db, which: Parameters<Store["resume"]>[0]): Promise<number> {
  let query = db.deleteFrom("pauses");
  if ("untilRestart" in which) query = query.where("until_restart", "=", 1);
  else if (which.repo !== null) query = query.where("repo", "=", which.repo);
  const { numDeletedRows } = await query.executeTakeFirst();
  return Number(numDeletedRows);
}

export async function pauses(db: Db): Promise<Pause[]> {
  const rows = await db.selectFrom("pauses").selectAll().orderBy("repo").execute();
  return rows.map(({ repo, by, at, until_restart }) => ({
    repo: repo === everywhere ? null : repo,
    by,
    at,
    untilRestart: until_restart === 1,
  }));
}

const everywhere = "";
