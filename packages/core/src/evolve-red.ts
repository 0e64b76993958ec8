import { failureTitle } from "./log/failure-title.ts";
import { fingerprint } from "./log/failure.ts";
import { inPhase, noteAttempt, pushing, to } from "./state-change.ts";
import type { TaskEvent } from "./task-event.ts";
import { coding, freshBrief, type Attempt, type TaskState } from "./task-state.ts";

/** Where the project's own checks lead: back to the agent when they are red, else to the push. */
export function preflightJudged(
  state: TaskState,
  event: Extract<TaskEvent, { type: "preflight_judged" }>,
): TaskState {
  const { commit } = inPhase(state, "preflighting");
  if (event.is !== "failed") {
    const noted = event.is === "passed" ? noteAttempt(state, { preflight: "passed" }) : state;
    return to(noted, pushing(commit));
  }
  const failure = failureOf(event, { sha: commit, by: "preflight", lane: "code", onBase: [] });
  const noted = noteAttempt(
    { ...state, failure },
    { preflight: "failed", lane: "code", ...noteOf(event) },
  );
  return to(noted, coding(freshBrief));
}

/** Where a red leads: back to the agent, to CI once more, or to a person. */
export function diagnosed(
  state: TaskState,
  event: Extract<TaskEvent, { type: "diagnosed" }>,
): TaskState {
  const { sha, since, merging, errors, reran } = inPhase(state, "diagnosing");
  const { lane, reason, retryAt } = event;
  const known = new Set(state.baseVerdict?.fingerprints ?? []);
  const onBase = event.failures.map(fingerprint).filter((print) => known.has(print));
  const failure = failureOf(event, { sha, by: "ci", lane, onBase });
  const noted = noteAttempt({ ...state, failure }, { lane, ...noteOf(event) });
  switch (lane) {
    case "code":
      return to(noted, coding(freshBrief));
    case "flaky":
    case "infrastructure":
    case "cancelled": {
      // It says nothing about the code, so the attempt is not judged yet.
      const next = noteAttempt({ ...noted, failure: state.failure }, { verdict: null });
      const again = { count: errors + 1, retryAt, cause: reason, rerun: false };
      return to(next, {
        name: "awaiting_ci",
        sha,
        since,
        merging,
        errors: again,
        reran: reran || lane === "flaky",
      });
    }
    case "configuration":
      return to(noted, { name: "needs_review", reason: "ci_configuration", detail: reason });
    case "base_is_red":
      return to(noted, { name: "needs_review", reason: "base_is_red", detail: reason });
  }
}

type Told = Pick<
  Extract<TaskEvent, { type: "diagnosed" }>,
  "reason" | "excerpt" | "log" | "failures"
>;

function failureOf(
  { reason, excerpt, log, failures }: Told,
  facts: Pick<NonNullable<TaskState["failure"]>, "sha" | "by" | "lane" | "onBase">,
): NonNullable<TaskState["failure"]> {
  return { ...facts, reason, excerpt, log, failures };
}

function noteOf({ excerpt, failures }: Told): Pick<Attempt, "failures" | "failure"> {
  const notes = failures.map((failure) => ({
    fingerprint: fingerprint(failure),
    title: failureTitle(failure),
  }));
  return { failures: notes, failure: notes[0]?.title ?? firstLine(excerpt) };
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0]?.slice(0, 200) ?? "";
}
