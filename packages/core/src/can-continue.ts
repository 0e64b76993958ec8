import type { Phase } from "./task-state.ts";

/** Whether a person's words can start a turn right now; elsewhere they wait until the phase is over. */
export function canContinue(phase: Phase): boolean {
  switch (phase.name) {
    case "coding":
      return phase.turn === null;
    case "awaiting_ci":
    case "ready":
    case "needs_review":
    case "aborted":
    case "error":
      return true;
    case "queued":
    case "preparing":
    case "checking":
    case "pushing":
    case "diagnosing":
    case "opening":
    case "rebasing":
    case "merging":
    case "merged":
      return false;
  }
}
