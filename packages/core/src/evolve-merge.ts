import { mergeable } from "./mergeable.ts";
import { mergedByHand, noReviews } from "./review.ts";
import { impossible, inPhase, request, to } from "./state-change.ts";
import type { TaskEvent } from "./task-event.ts";
import type { Phase, TaskState } from "./task-state.ts";

type MergeEvent = Extract<
  TaskEvent,
  {
    type:
      | "merge_accepted"
      | "rebased"
      | "rebase_conflicted"
      | "rebase_emptied"
      | "merge_started"
      | "merge_queued"
      | "merge_withdrawn"
      | "base_moved"
      | "merge_refused"
      | "merged";
  }
>;

/** From a green change to the base branch, and every way that it does not get there. */
export function evolveMerge(state: TaskState, event: MergeEvent): TaskState {
  switch (event.type) {
    case "merge_accepted": {
      const sha = mergeable(state);
      if (sha === null) throw impossible(state, event);
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
      const detail = `${event.files.join(", ")} (the base is at ${event.base.slice(0, 12)})`;
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
      const { sha } = beingMerged(state);
      return to(state, { name: "rebasing", sha });
    }
    case "merge_queued": {
      const { sha } = inPhase(state, "merging");
      return to(state, { name: "awaiting_merge", sha, since: event.at });
    }
    case "merge_withdrawn": {
      const { sha } = inPhase(state, "awaiting_merge");
      return request(to(state, { name: "ready", sha }), { merge: null });
    }
    case "merge_refused":
      beingMerged(state);
      return request(
        to(state, { name: "needs_review", reason: "merge_refused", detail: event.reason }),
        { merge: null },
      );
    case "merged": {
      const { phase } = state;
      const sha =
        mergedByHand(state) ?? (phase.name === "rebasing" ? phase : beingMerged(state)).sha;
      const { received } = state.reviews;
      const next = request(to(state, { name: "merged", sha, at: event.at }), { merge: null });
      // What was still to be said comes too late.
      return { ...next, locks: [], reviews: { ...noReviews, received } };
    }
  }
}

/** By ampx itself, or by the forge when it can. */
function beingMerged(
  state: TaskState,
): Extract<Phase, { name: "merging" }> | Extract<Phase, { name: "awaiting_merge" }> {
  return state.phase.name === "awaiting_merge" ? state.phase : inPhase(state, "merging");
}
