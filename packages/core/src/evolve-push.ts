import { againOf } from "./again.ts";
import { awaitingCi, inPhase, to } from "./state-change.ts";
import type { TaskEvent } from "./task-event.ts";
import type { TaskState } from "./task-state.ts";

type PushEvent = Extract<
  TaskEvent,
  { type: "push_started" | "pushed" | "push_rejected" | "branch_moved" }
>;

/** How a commit gets to the task's branch, and what others do to that branch. */
export function evolvePush(state: TaskState, event: PushEvent): TaskState {
  switch (event.type) {
    case "push_started": {
      const phase = inPhase(state, "pushing");
      return to(state, { ...phase, started: true });
    }
    case "pushed": {
      const { merging } = inPhase(state, "pushing");
      // What was red was another commit; of this one nothing is known yet.
      return {
        ...to(state, awaitingCi(event.sha, event.at, { merging })),
        pushed: event.sha,
        failure: null,
      };
    }
    case "push_rejected":
      inPhase(state, "pushing");
      return event.by === "moved"
        ? branchMoved(state, event)
        : to(state, { name: "needs_review", reason: "push_declined", detail: event.detail });
    case "branch_moved":
      if (state.phase.name !== "awaiting_ci") inPhase(state, "opening");
      return branchMoved(state, event);
  }
}

/** Of a branch that is gone, the next push knows that it must not be there. */
function branchMoved(
  state: TaskState,
  { found, detail }: { found: string | null; detail: string },
): TaskState {
  const { again } = againOf(state);
  const next = to(state, {
    name: "needs_review",
    reason: "branch_moved",
    detail,
    ...(again !== undefined && { again: { ...again, do: "push" } }),
  });
  return found === null ? { ...next, pushed: null } : next;
}
