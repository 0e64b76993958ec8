import { conflictWords } from "./prompt/conflict-words.ts";
import type { Instant } from "./scalars.ts";
import { awaitingCi, pushing } from "./state-change.ts";
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
    case "awaiting_merge":
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
 * that the gate holds, the look at a CI that could not judge, the branch that somebody moved, the merge that was refused, what failed with a commit, else the work; and
 * what waits for nobody stays as it is. `allow`: rules that are let through from now on. `spends`: a turn of the agent comes of it, so the
 * budget must have room for one more.
 */
export function wayOn(
  state: TaskState,
  { words, allow }: { words: readonly string[]; allow: readonly string[] },
  at: Instant,
): { to: Phase; spends: boolean } {
  const { task, phase, held, pushed, green } = state;
  // Without being told of it, the agent would not know that anything is left to do.
  if (phase.name === "needs_review" && phase.reason === "conflict") {
    const told = [conflictWords(task, phase.detail), ...words];
    return { to: coding({ ...freshBrief, words: told }), spends: true };
  }
  if (words.length > 0) {
    const brief =
      phase.name === "coding" ? phase.brief : { ...freshBrief, undo: undoOfHeld(state, allow) };
    return { to: coding({ ...brief, words: [...brief.words, ...words] }), spends: true };
  }
  if (phase.name === "needs_review" && held !== null)
    return { to: { name: "inspecting", ...held }, spends: false };
  if (phase.name === "needs_review" && green !== null && phase.reason === "merge_refused")
    return { to: { name: "rebasing", sha: green }, spends: false };
  if (phase.name === "needs_review" && pushed !== null && ofCi.has(phase.reason)) {
    const errors = { count: 1, retryAt: at, cause: phase.detail, rerun: false };
    return { to: { ...awaitingCi(pushed, at), errors }, spends: false };
  }
  if ((phase.name === "error" || phase.name === "needs_review") && phase.again !== undefined) {
    const { do: what, commit } = phase.again;
    // Pushing looks first: a branch that is where it was is judged again, one that is gone is made anew.
    return { to: what === "push" ? pushing(commit) : awaitingCi(commit, at), spends: false };
  }
  // Whoever lets a task go on that waits for its agent says to try now.
  if (phase.name === "coding") return { to: { ...phase, outages: null }, spends: false };
  return needsPerson.has(phase.name)
    ? { to: coding(freshBrief), spends: true }
    : { to: phase, spends: false };
}

/** What is held is named to the agent beside a person's words, which would otherwise be all that it knows; what is let through from now on is not. */
export function undoOfHeld(
  { held, findings }: TaskState,
  allow: readonly string[],
): TaskState["findings"] {
  if (held === null) return [];
  return findings.filter(({ rule, verdict }) => verdict !== "allow" && !allow.includes(rule));
}

const needsPerson = new Set<PhaseName>(["needs_review", "aborted", "error"]);
const ofCi = new Set<ReviewReason>([
  "ci_configuration",
  "ci_unavailable",
  "ci_timed_out",
  "no_ci",
  "ci_blocked",
]);
