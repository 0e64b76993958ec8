import type { TaskEvent } from "./task-event.ts";
import type { Attempt, Phase, PhaseName, TaskState } from "./task-state.ts";

/** The same task in another phase. */
export function to(state: TaskState, phase: Phase): TaskState {
  return { ...state, phase };
}

/** The same task with other requests. */
export function request(state: TaskState, change: Partial<TaskState["requests"]>): TaskState {
  return { ...state, requests: { ...state.requests, ...change } };
}

/** Adds to the newest attempt. A verdict on a rebased commit is told of the attempt that made the change. */
export function noteAttempt(state: TaskState, facts: Partial<Attempt>): TaskState {
  const last = state.attempts.at(-1);
  if (last === undefined) throw new Error("no attempt has been made yet");
  return { ...state, attempts: [...state.attempts.slice(0, -1), { ...last, ...facts }] };
}

/** On its way to the branch of the repository, for CI to judge. */
export function pushing(commit: string): Phase {
  return { name: "pushing", commit, merging: false, started: false };
}

/** On its branch; CI is looked at until it has judged. */
export function awaitingCi(
  sha: string,
  since: number,
  { merging = false } = {},
): Extract<Phase, { name: "awaiting_ci" }> {
  return { name: "awaiting_ci", sha, since, merging, errors: null, reran: false };
}

/** Narrows, or reports a bug: no event may arrive in a phase that could not have caused it. */
export function inPhase<N extends PhaseName>(
  state: TaskState,
  name: N,
): Extract<Phase, { name: N }> {
  const { phase } = state;
  if (isNamed(phase, name)) return phase;
  throw new Error(`expected a task in "${name}", found "${phase.name}"`);
}

function isNamed<N extends PhaseName>(phase: Phase, name: N): phase is Extract<Phase, { name: N }> {
  return phase.name === name;
}

/** An event that its phase cannot have caused is a bug. */
export function impossible(state: TaskState, event: TaskEvent): Error {
  return new Error(`"${event.type}" cannot happen in "${state.phase.name}"`);
}
