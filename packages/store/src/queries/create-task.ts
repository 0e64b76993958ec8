import { begin, restReason, TaskEvent } from "@ampx/core";
import type { CreateResult, IdempotencyKey } from "../store.ts";
import { insertEvent } from "../stored-event.ts";
import { columnsOf, taskColumnsOf } from "../stored-state.ts";
import type { Db } from "../tables.ts";
import { findRepeated } from "./find-repeated.ts";
import { keepKey } from "./keep-key.ts";

type Created = Extract<TaskEvent, { type: "task_created" }>;

export function createTask(db: Db, event: Created, key?: IdempotencyKey): Promise<CreateResult> {
  // `parse` also drops what an event does not have.
  const created = TaskEvent.parse(event);
  if (created.type !== "task_created")
    throw new Error(`a task cannot begin with "${created.type}"`);
  return db.transaction().execute(async (trx): Promise<CreateResult> => {
    const repeated = key === undefined ? undefined : await findRepeated(trx, key);
    if (repeated !== undefined) return repeated;
    const result = await insertTask(trx, created);
    if (result.is === "created" && key !== undefined)
      await keepKey(trx, key, created.task.id, created.at);
    return result;
  });
}

/** Within a transaction: the task and its first event, unless its short id or its branch is taken. */
export async function insertTask(
  trx: Db,
  created: Created,
): Promise<Extract<CreateResult, { is: "created" | "id_taken" | "branch_taken" }>> {
  const state = begin(created);
  const { id, createdAt } = created.task;
  const columns = taskColumnsOf(state.task);
  const namesake = await trx
    .selectFrom("tasks")
    .select("id")
    .where("short_id", "=", columns.short_id)
    .executeTakeFirst();
  if (namesake !== undefined) return { is: "id_taken" };

  const rival = await trx
    .selectFrom("tasks")
    .select("id")
    .where("repo", "=", columns.repo)
    .where("branch", "=", columns.branch)
    .executeTakeFirst();
  if (rival !== undefined) return { is: "branch_taken", by: rival.id };

  const wait = { wake_at: createdAt, waiting_for: restReason(state), waiting_since: createdAt };
  await trx
    .insertInto("tasks")
    .values({ ...columns, ...columnsOf(state), ...wait, seq: 1, updated_at: created.at })
    .execute();
  await insertEvent(trx, id, 1, created);
  return { is: "created" };
}
