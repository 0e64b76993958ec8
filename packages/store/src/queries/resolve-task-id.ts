import type { TaskId } from "@ampx/core";
import { sql } from "kysely";
import type { Db } from "../tables.ts";

const shortLength = 6;
const maxFound = 10;

export async function resolveTaskId(db: Db, text: string): Promise<TaskId[]> {
  const part = text.trim().toUpperCase();
  // Also keeps the wildcards of `like` out.
  if (!/^[0-9A-HJKMNP-TV-Z]{1,26}$/.test(part)) return [];
  const ending = await endingIn(db, part);
  // A short id is what people are shown: it wins over an id that happens to begin so.
  if (part.length === shortLength && ending.length > 0) return ending;
  const beginning = await beginningWith(db, part);
  return [...new Set([...ending, ...beginning])].slice(0, maxFound);
}

async function endingIn(db: Db, part: string): Promise<TaskId[]> {
  const short = part.slice(-shortLength).toLowerCase();
  // The index is named because without it SQLite walks over whole rows in search of an end.
  const { rows } =
    short.length < shortLength
      ? await sql<{
          id: string;
        }>`select id from tasks indexed by tasks_short_id where short_id like ${`%${short}`} limit ${maxFound}`.execute(
          db,
        )
      : await sql<{
          id: string;
        }>`select id from tasks where short_id = ${short} and id like ${`%${part}`}`.execute(db);
  return rows.map((row) => row.id);
}

async function beginningWith(db: Db, part: string): Promise<TaskId[]> {
  const rows = await db
    .selectFrom("tasks")
    .select("id")
    .where("id", ">=", part)
    // "~" sorts after every character of an id.
    .where("id", "<", `${part}~`)
    .limit(maxFound)
    .execute();
  return rows.map((row) => row.id);
}
