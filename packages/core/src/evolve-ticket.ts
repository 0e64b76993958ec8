import { inPhase } from "./state-change.ts";
import type { TaskEvent } from "./task-event.ts";
import type { TaskState } from "./task-state.ts";

type TicketEvent = Extract<
  TaskEvent,
  { type: "locks_taken" | "locks_released" | "ticket_changed" }
>;

/** The locks of a task that has begun, and its ticket before that. */
export function evolveTicket(state: TaskState, event: TicketEvent): TaskState {
  switch (event.type) {
    case "locks_taken":
      inPhase(state, "coding");
      return { ...state, locks: event.locks };
    case "locks_released":
      return { ...state, locks: [] };
    case "ticket_changed": {
      inPhase(state, "queued");
      const task = { ...state.task, ...event.task };
      return { ...state, task, agent: task.agent, budget: event.budget };
    }
  }
}
