import type { TaskEvent } from "./task-event.ts";
import type { Budget } from "./task.ts";

type Created = Extract<TaskEvent, { type: "task_created" }>;

/** The beginning of a task, for tests. */
export function created(budget: Partial<Budget> = {}): Created {
  return {
    type: "task_created",
    at: 0,
    task: {
      id: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
      repo: "/r.git",
      base: "main",
      branch: "amp/x",
      title: "X",
      prompt: "X",
      agent: "amp",
      createdBy: "kim",
      createdAt: 0,
    },
    budget: { maxAttempts: 5, maxAgentMs: 60_000, deadline: null, ...budget },
  };
}
