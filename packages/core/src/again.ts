import type { Phase, TaskState } from "./task-state.ts";

/** What is mended outside, such as a token, costs no turn of the agent. */
export function againOf({ phase }: TaskState): Pick<Extract<Phase, { name: "error" }>, "again"> {
  switch (phase.name) {
    case "pushing":
      return { again: { do: "push", commit: phase.commit } };
    case "inspecting":
      return phase.before === "push" ? {} : { again: { do: "judge", commit: phase.commit } };
    case "awaiting_ci":
    case "diagnosing":
    case "opening":
    case "rebasing":
    case "merging":
    case "awaiting_merge":
      return { again: { do: "judge", commit: phase.sha } };
    case "queued":
    case "preparing":
    case "coding":
    case "checking":
    case "preflighting":
    case "unchanged":
    case "ready":
    case "merged":
    case "needs_review":
    case "aborted":
    case "error":
      return {};
  }
}
