import { impossible, inPhase, noteAttempt, to } from "./state-change.ts";
import type { TaskEvent } from "./task-event.ts";
import type { TaskState } from "./task-state.ts";

type CiEvent = Extract<
  TaskEvent,
  {
    type:
      | "ci_passed"
      | "ci_failed"
      | "ci_errored"
      | "ci_rerun"
      | "ci_missing"
      | "ci_timed_out"
      | "base_asked"
      | "base_judged";
  }
>;

/** What CI says of what was pushed, and of the base. */
export function evolveCi(state: TaskState, event: CiEvent): TaskState {
  switch (event.type) {
    case "ci_passed": {
      const { merging } = inPhase(state, "awaiting_ci");
      const { sha, run } = event;
      const noted = noteAttempt(
        { ...state, ciRun: run, green: sha, failure: null },
        { verdict: "passed" },
      );
      // What is being merged was green before: its change is open already.
      return to(
        noted,
        merging
          ? { name: "rebasing", sha }
          : { name: "inspecting", commit: sha, before: "success" },
      );
    }
    case "ci_failed": {
      const { since, merging, errors, reran } = inPhase(state, "awaiting_ci");
      const noted = noteAttempt({ ...state, ciRun: event.run }, { verdict: "failed" });
      const { sha, run, jobs } = event;
      const count = errors?.count ?? 0;
      return to(noted, {
        name: "diagnosing",
        sha,
        run,
        jobs,
        since,
        merging,
        errors: count,
        asksBase: false,
        reran,
      });
    }
    case "ci_errored": {
      const phase = inPhase(state, "awaiting_ci");
      const count = (phase.errors?.count ?? 0) + 1;
      return to(state, {
        ...phase,
        errors: { count, retryAt: event.retryAt, cause: event.cause, rerun: false },
      });
    }
    case "ci_rerun": {
      const phase = inPhase(state, "awaiting_ci");
      if (phase.errors === null) throw impossible(state, event);
      return to(state, { ...phase, errors: { ...phase.errors, rerun: true } });
    }
    case "ci_missing":
      inPhase(state, "awaiting_ci");
      return to(state, {
        name: "needs_review",
        reason: event.blocked === true ? "ci_blocked" : "no_ci",
        detail: event.reason,
      });
    case "ci_timed_out":
      inPhase(state, "awaiting_ci");
      return to(state, { name: "needs_review", reason: "ci_timed_out", detail: event.sha });
    case "base_asked": {
      const phase = inPhase(state, "diagnosing");
      return to(state, { ...phase, asksBase: true });
    }
    case "base_judged": {
      const { sha, is, fingerprints } = event;
      const seen = new Set([...fingerprints, ...(state.baseVerdict?.everSeen ?? [])]);
      return {
        ...state,
        baseVerdict: { sha, is, fingerprints, everSeen: [...seen].slice(0, 500) },
      };
    }
  }
}
