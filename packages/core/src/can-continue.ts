import type { Instant } from "./scalars.ts";
import {
  coding,
  freshBrief,
  type Phase,
  type PhaseName,
  type ReviewReason,
  type TaskState,
} from "./task-state.ts";

/** Whether a person's words can start a turn right now; elsewhere they wait until the phase is over. */
export function canContinue(phase: Phase): boolean {
  switch (phase.name) {
    case "coding":
      return phase.turn === null;
    case "awaiting_ci":
    case "unchanged":
    case "ready":
    case "needs_review":
    case "aborted":
    case "error":
      return true;
    case "queued":
    case "preparing":
    case "checking":
    case "inspecting":
    case "preflighting":
    case "pushing":
    case "diagnosing":
    case "opening":
    case "rebasing":
    case "merging":
    case "merged":
      return false;
  }
}

/**
 * Where a task goes that was asked to go on. Words go to the agent. Without any, what waited for a person is taken up again: the commit
 * that the gate holds, the look at a CI that could not judge, else the work; and what waits for nobody stays as it is. `allow`: rules that
 * are let through from now on. `spends`: a turn of the agent comes of it, so the budget must have room for one more.
 */
export function wayOn(
  { phase, held, pushed, findings }: TaskState,
  { words, allow }: { words: readonly string[]; allow: readonly string[] },
  at: Instant,
): { to: Phase; spends: boolean } {
  if (words.length > 0) {
    // What is held is named to the agent beside the words, which would otherwise be all that it knows; what is let through from now on is not.
    const undo =
      held === null
        ? []
        : findings.filter(({ rule, verdict }) => verdict !== "allow" && !allow.includes(rule));
    const brief = phase.name === "coding" ? phase.brief : { ...freshBrief, undo };
    return { to: coding({ ...brief, words: [...brief.words, ...words] }), spends: true };
  }
  if (phase.name === "needs_review" && held !== null)
    return { to: { name: "inspecting", ...held }, spends: false };
  if (phase.name === "needs_review" && pushed !== null && ofCi.has(phase.reason)) {
    const errors = { count: 1, retryAt: at, cause: phase.detail, rerun: false };
    const to: Phase = {
      name: "awaiting_ci",
      sha: pushed,
      since: at,
      merging: false,
      errors,
      reran: false,
    };
    return { to, spends: false };
  }
  // Whoever lets a task go on that waits for its agent says to try now.
  if (phase.name === "coding") return { to: { ...phase, outages: null }, spends: false };
  return needsPerson.has(phase.name)
    ? { to: coding(freshBrief), spends: true }
    : { to: phase, spends: false };
}

const needsPerson = new Set<PhaseName>(["needs_review", "aborted", "error"]);
const ofCi = new Set<ReviewReason>([
  "ci_configuration",
  "ci_unavailable",
  "ci_timed_out",
  "no_ci",
  "ci_blocked",
]);
