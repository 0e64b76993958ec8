import type { Parked } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function parkedAgents(db: Db): Promise<Parked[]> {
  return db
    .selectFrom("parked_agents")
    .select(["agent", "kind", "message", "since", "until"])
    .orderBy("agent")
    .execute();
}
