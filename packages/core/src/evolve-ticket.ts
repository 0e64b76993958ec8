import { inPhase } from "./state-change.ts";
import type { TaskEvent } from "./task-event.ts";
import type { TaskState } from "./task-state.ts";
import { usualPriority } from "./ticket/ticket-terms.ts";

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
      const { priority: _before, ...before } = state.task;
      // A usual one is not told, also where the one before was another.
      const { priority = usualPriority, ...change } = event.task;
      const task = { ...before, ...change, ...(priority !== usualPriority && { priority }) };
      return { ...state, task, agent: task.agent, budget: event.budget };
    }
  }
}
