import { inPhase, noteAttempt, pushing, to } from "./state-change.ts";
import { namesOf, type Finding } from "./tamper/finding.ts";
import type { TaskEvent } from "./task-event.ts";
import { coding, freshBrief, type TaskState } from "./task-state.ts";

/** What comes of the gate's look: a person is needed, the agent undoes it, or the commit goes on. */
export function inspected(
  state: TaskState,
  { findings, preflight }: Extract<TaskEvent, { type: "inspected" }>,
): TaskState {
  const { commit, before } = inPhase(state, "inspecting");
  const serious = findings.filter(({ verdict }) => verdict !== "allow");
  const gate = [...new Set(serious.map(({ rule }) => rule))];
  const noted = noteAttempt({ ...state, findings, held: null }, { gate });

  // What the agent was told to undo once and has left is a disagreement: it is not told again.
  const held = serious.filter(
    (finding) => finding.verdict === "hold" || state.told.includes(nameOf(finding)),
  );
  if (held.length > 0) return hold(noted, { commit, before }, namesOf(held));
  if (serious.length > 0) {
    const told = [...new Set([...state.told, ...serious.map(nameOf)])].slice(-500);
    return { ...to(noted, coding({ ...freshBrief, undo: serious })), told };
  }
  if (before === "success") return to(noted, { name: "opening", sha: commit });
  return to(noted, preflight ? { name: "preflighting", commit } : pushing(commit));
}

/** The commit waits for a person. */
export function hold(
  state: TaskState,
  held: NonNullable<TaskState["held"]>,
  detail: string,
): TaskState {
  return { ...to(state, { name: "needs_review", reason: "held", detail }), held };
}

function nameOf({ rule, file }: Finding): string {
  return `${rule} in ${file}`;
}
