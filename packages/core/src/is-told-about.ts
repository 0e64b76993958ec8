import type { Sha } from "./scalars.ts";
import type { TaskState } from "./task-state.ts";

/** Whether the agent was told what is wrong with this very commit, and has left it as it is. */
export function isToldAbout(
  { phase, attempts, failure }: Pick<TaskState, "phase" | "attempts" | "failure">,
  head: Sha,
): boolean {
  const wasTold = failure !== null || (phase.name === "checking" && phase.brief.undo.length > 0);
  return wasTold && attempts.findLast(({ commit }) => commit !== null)?.commit === head;
}
