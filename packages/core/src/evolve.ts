import { againOf } from "./again.ts";
import { canContinue, wayOn } from "./can-continue.ts";
import { evolveCi } from "./evolve-ci.ts";
import { hold, inspected } from "./evolve-gate.ts";
import { evolveMerge } from "./evolve-merge.ts";
import { evolvePush } from "./evolve-push.ts";
import { diagnosed, preflightJudged } from "./evolve-red.ts";
import { evolveReview } from "./evolve-review.ts";
import { evolveTicket } from "./evolve-ticket.ts";
import { evolveTurn, permissionAnswered } from "./evolve-turn.ts";
import { knownOverlaps } from "./overlap/overlap.ts";
import { isAtRest } from "./projection.ts";
import { noReviews } from "./review.ts";
import { awaitingCi, impossible, inPhase, noteAttempt, request, to } from "./state-change.ts";
import { namesOf } from "./tamper/finding.ts";
import type { TaskEvent } from "./task-event.ts";
import { coding, freshBrief, type Attempt, type TaskState } from "./task-state.ts";
import { nothingUsed } from "./used.ts";

type Created = Extract<TaskEvent, { type: "task_created" }>;

/** The state of a task that was just created. */
export function begin(event: Created): TaskState {
  return {
    task: event.task,
    issue: null,
    budget: event.budget,
    spent: { attempts: 0, turns: 0, agentMs: 0, usage: nothingUsed },
    requests: { abort: null, merge: null, words: [], attach: null },
    phase: { name: "queued" },
    locks: [],
    agent: event.task.agent,
    fallbacks: event.fallbacks ?? [],
    capReached: null,
    session: null,
    pushed: null,
    ciRun: null,
    green: null,
    failure: null,
    change: null,
    closed: null,
    reviews: noReviews,
    base: null,
    baseVerdict: null,
    findings: [],
    told: [],
    held: null,
    allowed: event.allow ?? [],
    approach: { after: 0, fresh: false },
    overlaps: [],
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
      const { by, at, text, allow, interrupt = false, budget = {} } = event;
      const words = { by, at, text, allow, interrupt, budget };
      return request(state, { words: [...state.requests.words, words] });
    }
    case "attach_requested":
      return request(state, { attach: { by: event.by, at: event.at } });
    case "detach_requested":
      return request(state, { attach: null });
    case "permission_answered":
      return permissionAnswered(state, event);
    case "review_received":
    case "change_closed":
    case "review_accepted":
    case "review_answered":
      return evolveReview(state, event);
    case "request_refused":
      return request(state, refused[event.request]);

    case "started":
      inPhase(state, "queued");
      return { ...to(state, { name: "preparing" }), locks: event.locks ?? [] };
    case "locks_taken":
    case "locks_released":
    case "ticket_changed":
      return evolveTicket(state, event);
    case "issue_read": {
      // A task that was ended before it was prepared goes on with a turn.
      if (state.phase.name !== "coding") inPhase(state, "preparing");
      const { title, text } = event;
      return { ...state, issue: { title, text } };
    }
    case "prepared":
      inPhase(state, "preparing");
      return { ...to(state, coding(freshBrief)), base: event.base };
    case "overlaps_found":
      if (!["preparing", "coding", "awaiting_ci"].includes(state.phase.name))
        throw impossible(state, event);
      return { ...state, overlaps: knownOverlaps(state.overlaps, event.others) };

    case "turn_started":
    case "session_opened":
    case "usage_recorded":
    case "permission_asked":
    case "words_passed":
    case "turn_interrupted":
    case "turn_failed":
    case "turn_ended":
    case "agent_switched":
      return evolveTurn(state, event);

    case "started_afresh": {
      const phase = inPhase(state, "coding");
      const next = to(state, { ...phase, brief: { ...phase.brief, afresh: event.why } });
      return { ...next, session: null, approach: { after: state.attempts.length, fresh: true } };
    }

    case "committed": {
      inPhase(state, "checking");
      const { commit, tree, files, base } = event;
      const noted = noteAttempt({ ...state, base }, { commit, tree, files });
      return to(noted, { name: "inspecting", commit, before: "push" });
    }
    case "nothing_changed": {
      const { brief, outcome, said } = inPhase(state, "checking");
      if (outcome !== "completed")
        return isStalling(state.attempts)
          ? to(state, { name: "needs_review", reason: "stalled", detail: said })
          : to(state, coding({ ...brief, stalled: true, interrupted: false }));
      // It was told to undo something and has left it: a person decides, who reads why.
      if (brief.undo.length > 0)
        return hold(
          state,
          { commit: event.head, before: "push" },
          `${namesOf(brief.undo)}: ${said}`,
        );
      // Words of a person can be met without a change; then the commit that is there is judged again.
      if (state.failure === null && event.head === state.pushed)
        return to(state, awaitingCi(event.head, event.at));
      return to(state, { name: "unchanged", head: event.head, since: event.at, said });
    }

    case "inspected":
      return inspected(state, event);
    case "preflight_judged":
      return preflightJudged(state, event);

    case "push_started":
    case "pushed":
    case "push_rejected":
    case "branch_moved":
      return evolvePush(state, event);

    case "ci_passed":
    case "ci_failed":
    case "ci_errored":
    case "ci_rerun":
    case "ci_missing":
    case "ci_timed_out":
    case "base_asked":
    case "base_judged":
      return evolveCi(state, event);
    case "diagnosed":
      return diagnosed(state, event);

    case "change_opened": {
      const { sha } = inPhase(state, "opening");
      return { ...to(state, { name: "ready", sha }), change: event.change, closed: null };
    }
    case "continued":
      return continued(state, event);
    case "merge_accepted":
    case "rebased":
    case "rebase_conflicted":
    case "rebase_emptied":
    case "merge_started":
    case "merge_queued":
    case "merge_withdrawn":
    case "base_moved":
    case "merge_refused":
    case "merged":
      return evolveMerge(state, event);

    case "gave_up":
      if (!["awaiting_ci", "unchanged"].includes(state.phase.name)) inPhase(state, "coding");
      return to(state, { name: "needs_review", reason: event.reason, detail: event.detail });
    case "aborted": {
      if (state.phase.name === "merged") throw impossible(state, event);
      // Words said after the abort was asked for are a wish to go on.
      const since = state.requests.abort?.at ?? event.at;
      const words = state.requests.words.filter((word) => word.at > since);
      const ended = request(to(state, { name: "aborted", by: event.by }), {
        abort: null,
        merge: null,
        words,
      });
      return { ...ended, locks: [] };
    }
    case "errored":
      if (isAtRest(state)) throw impossible(state, event);
      return {
        ...to(state, { name: "error", message: event.message, ...againOf(state) }),
        locks: [],
      };
  }
}

/** A person's words go to the agent; without words, what was held for them goes on. */
function continued(state: TaskState, event: Extract<TaskEvent, { type: "continued" }>): TaskState {
  const { phase } = state;
  if (!canContinue(phase)) throw impossible(state, event);
  const acceptsRed = phase.name === "needs_review" && phase.reason === "base_is_red";
  const allow = acceptsRed ? [...event.allow, "base_is_red"] : event.allow;
  const next: TaskState = {
    ...request(state, { words: [] }),
    budget: event.budget,
    capReached: null,
    allowed: [...new Set([...state.allowed, ...allow])],
  };
  const way = wayOn(state, event, event.at);
  if (!way.spends) return to(next, way.to);
  return {
    ...to(next, way.to),
    held: null,
    told: [],
    approach: { after: state.attempts.length, fresh: false },
  };
}

/** A turn that changed nothing because it fell silent or ran out of time, and the one before it the same. */
function isStalling(attempts: readonly Attempt[]): boolean {
  const lastTwo = attempts.slice(-2);
  return (
    lastTwo.length === 2 &&
    lastTwo.every(({ outcome, commit }) => outcome !== "completed" && commit === null)
  );
}

const refused = {
  abort: { abort: null },
  merge: { merge: null },
  continue: { words: [] },
} satisfies Record<string, Partial<TaskState["requests"]>>;
