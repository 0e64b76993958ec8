import { parkingAfter, speaksOfAgent, type TaskEvent } from "@ampx/core";
import type { Db } from "../tables.ts";

/** Keeps what an event says of its agent's provider, in the event's transaction; tasks that wait for one that works again are woken. */
export async function noteParking(trx: Db, agent: string, event: TaskEvent): Promise<void> {
  if (!speaksOfAgent(event)) return;
  const before = await trx
    .selectFrom("parked_agents")
    .selectAll()
    .where("agent", "=", agent)
    .executeTakeFirst();
  const after = parkingAfter(event, agent, before ?? null);
  if (after === undefined || (after === null && before === undefined)) return;
  if (after !== null) {
    const { agent: _key, ...columns } = after;
    await trx
      .insertInto("parked_agents")
      .values(after)
      .onConflict((conflict) => conflict.column("agent").doUpdateSet(columns))
      .execute();
    return;
  }
  await trx.deleteFrom("parked_agents").where("agent", "=", agent).execute();
  await trx
    .updateTable("tasks")
    .set({ wake_at: event.at })
    .where("wake_at", ">", event.at)
    .where("lease_worker", "is", null)
    .where("phase", "=", "coding")
    .where((row) => row.eb(row.fn("json_extract", ["state", row.val("$.agent")]), "=", agent))
    .execute();
}
