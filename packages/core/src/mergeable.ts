import type { Sha } from "./scalars.ts";
import type { ReviewReason, TaskState } from "./task-state.ts";

/** The green commit that may be merged now, or null. What stood in the way of a merge may be gone, so it may be asked for again. */
export function mergeable({ phase, green }: TaskState): Sha | null {
  if (phase.name === "ready") return phase.sha;
  return phase.name === "needs_review" && ofMerge.has(phase.reason) ? green : null;
}

const ofMerge = new Set<ReviewReason>(["merge_refused", "conflict"]);
