import { oneLine } from "./one-line.ts";
import { commentCount } from "./review.ts";
import type { ReviewReason, TaskState } from "./task-state.ts";

/** What a task that is not being worked on waits for, in one line for whoever looks at it: whom, and why. */
export function restReason(state: TaskState): string {
  return rest(state).join(": ") + asideOf(state);
}

/** What people have done or said of the change meanwhile. */
function asideOf({ phase, closed, change, reviews }: TaskState): string {
  if (!["ready", "needs_review", "error"].includes(phase.name)) return "";
  const comments = commentCount(reviews.waiting.length);
  const parts = [];
  if (closed !== null)
    parts.push(
      `${change ?? "the change"} was ${closed.merged === null ? "closed" : "merged"} by ${closed.by ?? "somebody"}`,
    );
  if (comments !== "") parts.push(`${comments} wait${reviews.waiting.length === 1 ? "s" : ""}`);
  return parts.map((part) => `; ${oneLine(part, { maxChars: 160 })}`).join("");
}

/** What a task waits for until the schedule has said more of it. */
export const itsTurn = "its turn";
/** What one waits for that has begun and whose next turn is due. */
export const slotWait = "a free agent slot";

/** Why it cannot be merged, in the same words. */
export function notGreen(state: TaskState): string {
  return `it is not green: ${rest(state).at(-1)}`;
}

function rest({ phase }: TaskState): string[] {
  switch (phase.name) {
    case "queued":
      return [itsTurn];
    case "preparing":
    case "coding":
      return [slotWait];
    case "ready":
      return ["you", "ready to merge"];
    case "merged":
      return ["nothing", "merged"];
    case "needs_review":
      return [
        "you",
        `${reviewWords[phase.reason]}${phase.detail === "" ? "" : ` (${oneLine(phase.detail, { maxChars: 160 })})`}`,
      ];
    case "aborted":
      return ["nothing", `aborted by ${phase.by}`];
    case "error":
      return ["you", oneLine(phase.message, { maxChars: 160 })];
    case "checking":
    case "inspecting":
    case "preflighting":
    case "unchanged":
    case "pushing":
    case "awaiting_ci":
    case "diagnosing":
    case "opening":
    case "rebasing":
    case "merging":
    case "awaiting_merge":
      return ["the worker"];
  }
}

const reviewWords: Record<ReviewReason, string> = {
  attempts_spent: "the attempts are spent",
  minutes_spent: "the agent minutes are spent",
  usd_spent: "the money is spent",
  tokens_spent: "the tokens are spent",
  deadline_passed: "the deadline has passed",
  no_change: "the agent changed nothing",
  done_already:
    "the agent changed nothing, and CI is green without a change: it may be done already",
  blocked: "the agent could not go on and changed nothing",
  stalled: "the agent fell silent twice and changed nothing",
  no_progress: "no progress, not even with a fresh start",
  held: "the gate holds the change for you",
  base_is_red: "the base branch is red in the same way; continue to have it mended, too",
  ci_configuration: "CI is set up wrong",
  no_ci: "no CI judges this commit",
  ci_blocked: "CI needs a person before it goes on",
  ci_unavailable: "CI could not judge the commit",
  ci_timed_out: "CI gave no verdict in time",
  agent_unavailable: "the agent cannot run",
  interrupted_too_often: "the turn was cut off too often",
  branch_moved: "somebody else moved the branch",
  conflict: "the change conflicts with its base",
  in_base_already: "the base holds this change already",
  push_declined: "the repository declined the push",
  merge_refused: "the merge needs a person",
};
