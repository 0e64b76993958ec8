import type { TaskEvent, TaskId } from "@ampx/core";
import type { Db } from "../tables.ts";

/** Keeps what an event says was used, in the event's transaction. */
export async function noteUsage(
  trx: Db,
  eventId: number,
  taskId: TaskId,
  { at, agent, tokens, usd }: Extract<TaskEvent, { type: "usage_recorded" }>,
): Promise<void> {
  await trx
    .insertInto("usage")
    .values({
      event_id: eventId,
      task_id: taskId,
      at,
      agent,
      input_tokens: tokens?.inputTokens ?? null,
      output_tokens: tokens?.outputTokens ?? null,
      cache_read_tokens: tokens?.cacheReadTokens ?? null,
      cache_write_tokens: tokens?.cacheWriteTokens ?? null,
      usd,
    })
    .execute();
}
