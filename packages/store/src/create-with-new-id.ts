import type { Task, TaskEvent, TaskId } from "@ampx/core";
import type { IdempotencyKey, Repeated, Store } from "./store.ts";

type Created = Extract<TaskEvent, { type: "task_created" }>;

/** Stores a task under the first new id whose short form no other task has. `make` says how the task begins under an id. */
export async function createWithNewId(
  store: Pick<Store, "createTask">,
  make: (id: TaskId) => Created,
  newId: () => TaskId,
  key?: IdempotencyKey,
): Promise<
  { is: "created"; task: Task } | Repeated | { is: "branch_taken"; by: TaskId; branch: string }
> {
  for (let tries = 0; tries < 20; tries++) {
    const event = make(newId());
    const result = await store.createTask(event, key);
    switch (result.is) {
      case "created":
        return { is: "created", task: event.task };
      case "repeated":
      case "key_reused":
        return result;
      case "branch_taken":
        return { ...result, branch: event.task.branch };
      case "id_taken":
      // Another task has the same short id; the next one will not.
    }
  }
  throw new Error("no free short id in 20 tries: is the source of ids random?");
}
