import { canContinue } from "./can-continue.ts";
import { countInARow } from "./outage.ts";
import { isAtRest } from "./projection.ts";
import type { TaskEvent } from "./task-event.ts";
import type { Attempt, Brief, Phase, PhaseName, TaskState } from "./task-state.ts";

type Created = Extract<TaskEvent, { type: "task_created" }>;

/** The state of a task that was just created. */
export function begin(event: Created): TaskState {
  return {
    task: event.task,
    budget: event.budget,
    spent: { attempts: 0, turns: 0, agentMs: 0 },
    requests: { abort: null, merge: null, words: [] },
    phase: { name: "queued" },
    session: null,
    pushed: null,
    ciRun: null,
    failure: null,
    change: null,
    attempts: [],
  };
}

/** The state after one more event. Total over the events; an event that its phase cannot have caused is a bug and throws. */
export function evolve(state: TaskState, event: TaskEvent): TaskState {
  switch (event.type) {
    case "task_created":
      throw new Error("a task is created once");

    case "abort_requested":
      return request(state, { abort: { by: event.by, at: event.at } });
    case "merge_requested":
      return request(state, { merge: { by: event.by, at: event.at } });
    case "continue_requested": {
      const words = { by: event.by, at: event.at, text: event.text };
      return request(state, { words: [...state.requests.words, words] });
    }
    case "request_refused":
      return request(state, refused[event.request]);

    case "started":
      inPhase(state, "queued");
      return to(state, { name: "preparing" });
    case "prepared":
      inPhase(state, "preparing");
      return to(state, coding(fresh));

    case "turn_started": {
      const phase = inPhase(state, "coding");
      const number = state.spent.turns + 1;
      const next = { ...phase, turn: { number, startedAt: event.at } };
      return { ...to(state, next), spent: { ...state.spent, turns: number } };
    }
    case "session_opened":
      inTurn(state);
      return { ...state, session: event.session };
    case "turn_interrupted": {
      const phase = inTurn(state);
      const next: Phase = {
        ...phase,
        turn: null,
        brief: { ...phase.brief, interrupted: true },
        interruptions: phase.interruptions + 1,
      };
      return spendTime(to(state, next), event.ms);
    }
    case "turn_failed": {
      const phase = inTurn(state);
      const outages = {
        count: countInARow(phase.outages, event.kind),
        retryAt: event.retryAt,
        kind: event.kind,
        message: event.message,
      };
      const brief = { ...phase.brief, interrupted: true };
      // A conversation that no longer fits the model is not taken up again.
      const session = event.kind === "context" ? null : state.session;
      return spendTime(
        { ...to(state, { ...phase, turn: null, brief, outages }), session },
        event.ms,
      );
    }
    case "turn_ended": {
      const { brief } = inTurn(state);
      const { outcome, said } = event;
      const attempt: Attempt = {
        number: state.spent.attempts + 1,
        outcome,
        said,
        agentMs: event.ms,
        commit: null,
        files: 0,
        verdict: null,
        failure: null,
      };
      const next = spendTime(to(state, { name: "checking", brief, outcome, said }), event.ms);
      return {
        ...next,
        spent: { ...next.spent, attempts: attempt.number },
        attempts: [...state.attempts, attempt],
      };
    }

    case "committed": {
      inPhase(state, "checking");
      const noted = noteAttempt(state, { commit: event.commit, files: event.files });
      return to(noted, { name: "pushing", commit: event.commit, merging: false, started: false });
    }
    case "nothing_changed": {
      const { brief, outcome, said } = inPhase(state, "checking");
      if (outcome !== "completed")
        return to(state, coding({ ...brief, stalled: true, interrupted: false }));
      // Words of a person can be met without a change; then the commit that is there is judged again.
      if (state.failure === null && event.head === state.pushed)
        return to(state, awaitingCi(event.head, event.at, false));
      return to(state, { name: "needs_review", reason: "no_change", detail: said });
    }

    case "push_started": {
      const phase = inPhase(state, "pushing");
      return to(state, { ...phase, started: true });
    }
    case "pushed": {
      const { merging } = inPhase(state, "pushing");
      return { ...to(state, awaitingCi(event.sha, event.at, merging)), pushed: event.sha };
    }
    case "push_rejected":
      inPhase(state, "pushing");
      return to(state, {
        name: "needs_review",
        reason: event.by === "moved" ? "branch_moved" : "push_declined",
        detail: event.detail,
      });

    case "ci_passed": {
      const { merging } = inPhase(state, "awaiting_ci");
      const noted = noteAttempt(
        { ...state, ciRun: event.run, failure: null },
        { verdict: "passed" },
      );
      // What is being merged was green before: its change is open already.
      return to(noted, { name: merging ? "rebasing" : "opening", sha: event.sha });
    }
    case "ci_failed": {
      inPhase(state, "awaiting_ci");
      const noted = noteAttempt({ ...state, ciRun: event.run }, { verdict: "failed" });
      return to(noted, { name: "diagnosing", sha: event.sha, run: event.run, jobs: event.jobs });
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
      return to(state, { name: "needs_review", reason: "no_ci", detail: event.reason });
    case "ci_timed_out":
      inPhase(state, "awaiting_ci");
      return to(state, { name: "needs_review", reason: "ci_timed_out", detail: event.sha });
    case "diagnosed": {
      const { sha } = inPhase(state, "diagnosing");
      const failure = { sha, excerpt: event.excerpt, log: event.log };
      return to(
        noteAttempt({ ...state, failure }, { failure: firstLine(event.excerpt) }),
        coding(fresh),
      );
    }

    case "change_opened": {
      const { sha } = inPhase(state, "opening");
      return { ...to(state, { name: "ready", sha }), change: event.change };
    }
    case "continued": {
      if (!canContinue(state.phase)) throw impossible(state, event);
      const brief = state.phase.name === "coding" ? state.phase.brief : fresh;
      const next = to(state, coding({ ...brief, words: [...brief.words, ...event.words] }));
      return { ...request(next, { words: [] }), budget: event.budget };
    }
    case "merge_accepted": {
      const { sha } = inPhase(state, "ready");
      return to(state, { name: "rebasing", sha });
    }
    case "rebased": {
      const { sha } = inPhase(state, "rebasing");
      return event.commit === sha
        ? to(state, { name: "merging", sha, expectedBase: event.base, started: false })
        : to(state, { name: "pushing", commit: event.commit, merging: true, started: false });
    }
    case "rebase_conflicted": {
      inPhase(state, "rebasing");
      const detail = event.files.join(", ");
      return request(to(state, { name: "needs_review", reason: "conflict", detail }), {
        merge: null,
      });
    }
    case "rebase_emptied": {
      inPhase(state, "rebasing");
      const rest = {
        name: "needs_review" as const,
        reason: "in_base_already" as const,
        detail: "",
      };
      return request(to(state, rest), { merge: null });
    }
    case "merge_started": {
      const phase = inPhase(state, "merging");
      return to(state, { ...phase, started: true });
    }
    case "base_moved": {
      const { sha } = inPhase(state, "merging");
      return to(state, { name: "rebasing", sha });
    }
    case "merge_refused":
      inPhase(state, "merging");
      return request(
        to(state, { name: "needs_review", reason: "merge_refused", detail: event.reason }),
        { merge: null },
      );
    case "merged": {
      const { sha } = inPhase(state, "merging");
      return request(to(state, { name: "merged", sha, at: event.at }), { merge: null });
    }

    case "gave_up":
      if (state.phase.name !== "awaiting_ci") inPhase(state, "coding");
      return to(state, { name: "needs_review", reason: event.reason, detail: event.detail });
    case "aborted": {
      if (state.phase.name === "merged") throw impossible(state, event);
      // Words said after the abort was asked for are a wish to go on.
      const since = state.requests.abort?.at ?? event.at;
      const words = state.requests.words.filter((word) => word.at > since);
      return request(to(state, { name: "aborted", by: event.by }), {
        abort: null,
        merge: null,
        words,
      });
    }
    case "errored":
      if (isAtRest(state)) throw impossible(state, event);
      return to(state, { name: "error", message: event.message });
  }
}

const fresh: Brief = { words: [], stalled: false, interrupted: false };

const refused = {
  abort: { abort: null },
  merge: { merge: null },
  continue: { words: [] },
} satisfies Record<string, Partial<TaskState["requests"]>>;

function to(state: TaskState, phase: Phase): TaskState {
  return { ...state, phase };
}

function request(state: TaskState, change: Partial<TaskState["requests"]>): TaskState {
  return { ...state, requests: { ...state.requests, ...change } };
}

function coding(brief: Brief): Phase {
  return { name: "coding", brief, turn: null, outages: null, interruptions: 0 };
}

function awaitingCi(sha: string, since: number, merging: boolean): Phase {
  return { name: "awaiting_ci", sha, since, merging, errors: null };
}

function spendTime(state: TaskState, ms: number): TaskState {
  return { ...state, spent: { ...state.spent, agentMs: state.spent.agentMs + ms } };
}

/** Adds to the newest attempt. A verdict on a rebased commit is told of the attempt that made the change. */
function noteAttempt(state: TaskState, facts: Partial<Attempt>): TaskState {
  const last = state.attempts.at(-1);
  if (last === undefined) throw new Error("no attempt has been made yet");
  return { ...state, attempts: [...state.attempts.slice(0, -1), { ...last, ...facts }] };
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0]?.slice(0, 200) ?? "";
}

function inTurn(state: TaskState) {
  const phase = inPhase(state, "coding");
  if (phase.turn === null) throw new Error("no turn is running");
  return phase;
}

/** Narrows, or reports a bug: no event may arrive in a phase that could not have caused it. */
function inPhase<N extends PhaseName>(state: TaskState, name: N): Extract<Phase, { name: N }> {
  const { phase } = state;
  if (isNamed(phase, name)) return phase;
  throw new Error(`expected a task in "${name}", found "${phase.name}"`);
}

function isNamed<N extends PhaseName>(phase: Phase, name: N): phase is Extract<Phase, { name: N }> {
  return phase.name === name;
}

function impossible(state: TaskState, event: TaskEvent): Error {
  return new Error(`"${event.type}" cannot happen in "${state.phase.name}"`);
}
