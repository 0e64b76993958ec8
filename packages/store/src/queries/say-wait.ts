import type { Instant, TaskId } from "@ampx/core";
import type { Db } from "../tables.ts";

/** Has a task say what it waits for, from now on. How many have changed what they say, 1 or 0: what it says already is not written again. */
export async function sayWait(
  trx: Db,
  { id, waiting_for }: { id: TaskId; waiting_for: string | null },
  text: string | null,
  now: Instant,
): Promise<number> {
  if (text === waiting_for) return 0;
  await trx
    .updateTable("tasks")
    .set({ waiting_for: text, waiting_since: now })
    .where("id", "=", id)
    .execute();
  return 1;
}
