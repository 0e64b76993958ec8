import { inPhase, request, to } from "./state-change.ts";
import type { TaskEvent } from "./task-event.ts";
import type { TaskState } from "./task-state.ts";

type MergeEvent = Extract<
  TaskEvent,
  {
    type:
      | "merge_accepted"
      | "rebased"
      | "rebase_conflicted"
      | "rebase_emptied"
      | "merge_started"
      | "base_moved"
      | "merge_refused"
      | "merged";
  }
>;

/** From a green change to the base branch, and every way that it does not get there. */
export function evolveMerge(state: TaskState, event: MergeEvent): TaskState {
  switch (event.type) {
    case "merge_accepted": {
      const { sha } = inPhase(state, "ready");
      return to(state, { name: "rebasing", sha });
    }
    case "rebased": {
      const { sha } = inPhase(state, "rebasing");
      const { commit, base } = event;
      return {
        ...to(
          state,
          commit === sha
            ? { name: "merging", sha, expectedBase: base, started: false }
            : { name: "pushing", commit, merging: true, started: false },
        ),
        base,
      };
    }
    case "rebase_conflicted": {
      inPhase(state, "rebasing");
      const detail = event.files.join(", ");
      return request(to(state, { name: "needs_review", reason: "conflict", detail }), {
        merge: null,
      });
    }
    case "rebase_emptied": {
      inPhase(state, "rebasing");
      const rest = {
        name: "needs_review" as const,
        reason: "in_base_already" as const,
        detail: "",
      };
      return request(to(state, rest), { merge: null });
    }
    case "merge_started": {
      const phase = inPhase(state, "merging");
      return to(state, { ...phase, started: true });
    }
    case "base_moved": {
      const { sha } = inPhase(state, "merging");
      return to(state, { name: "rebasing", sha });
    }
    case "merge_refused":
      inPhase(state, "merging");
      return request(
        to(state, { name: "needs_review", reason: "merge_refused", detail: event.reason }),
        { merge: null },
      );
    case "merged": {
      const { sha } = inPhase(state, "merging");
      return request(to(state, { name: "merged", sha, at: event.at }), { merge: null });
    }
  }
}
