import { countInARow } from "./outage.ts";
import { giveReviews } from "./review.ts";
import { inPhase, request, to } from "./state-change.ts";
import type { TaskEvent } from "./task-event.ts";
import type { Attempt, Phase, TaskState } from "./task-state.ts";
import { nothingUsed, plus } from "./used.ts";

type Coding = Extract<Phase, { name: "coding" }>;
type TurnEvent = Extract<
  TaskEvent,
  {
    type:
      | "turn_started"
      | "session_opened"
      | "usage_recorded"
      | "permission_asked"
      | "words_passed"
      | "turn_interrupted"
      | "turn_failed"
      | "turn_ended"
      | "agent_switched";
  }
>;

/** What happens in an agent's turn, and to whose turn it is. */
export function evolveTurn(state: TaskState, event: TurnEvent): TaskState {
  switch (event.type) {
    case "turn_started": {
      const phase = inPhase(state, "coding");
      const number = state.spent.turns + 1;
      const turn = { number, startedAt: event.at, usage: nothingUsed, asks: [] };
      return {
        ...to(state, { ...phase, turn }),
        spent: { ...state.spent, turns: number },
        reviews: giveReviews(state),
      };
    }
    case "session_opened":
      inTurn(state);
      return { ...state, session: event.session };
    case "usage_recorded": {
      const { phase, turn } = inTurn(state);
      const next = { ...phase, turn: { ...turn, usage: plus(turn.usage, event) } };
      return {
        ...to(state, next),
        spent: { ...state.spent, usage: plus(state.spent.usage, event) },
      };
    }
    case "permission_asked": {
      const { phase, turn } = inTurn(state);
      const { type: _known, ask: id, ...asked } = event;
      const asks = [...turn.asks, { id, ...asked, answer: null }];
      return to(state, { ...phase, turn: { ...turn, asks } });
    }
    case "words_passed":
      inTurn(state);
      return request(state, { words: state.requests.words.slice(event.count) });
    case "turn_interrupted": {
      const { phase } = inTurn(state);
      const isAccident = event.cause === "crash" || event.cause === "shutdown";
      const next: Phase = {
        ...phase,
        turn: null,
        brief: { ...phase.brief, interrupted: true },
        interruptions: phase.interruptions + (isAccident ? 1 : 0),
      };
      return spendTime(to(state, next), event.ms);
    }
    case "turn_failed":
      return turnFailed(state, event);
    case "turn_ended":
      return turnEnded(state, event);
    case "agent_switched": {
      const phase = inPhase(state, "coding");
      return { ...to(state, { ...phase, outages: null }), agent: event.to, session: null };
    }
  }
}

/** What a person says to what the agent asked for; too late it says nothing. */
export function permissionAnswered(
  state: TaskState,
  { ask, by, allow }: Extract<TaskEvent, { type: "permission_answered" }>,
): TaskState {
  const { phase } = state;
  if (phase.name !== "coding" || phase.turn === null) return state;
  const asks = phase.turn.asks.map((one) =>
    one.id === ask && one.answer === null ? { ...one, answer: { by, allow } } : one,
  );
  return to(state, { ...phase, turn: { ...phase.turn, asks } });
}

function turnFailed(
  state: TaskState,
  event: Extract<TaskEvent, { type: "turn_failed" }>,
): TaskState {
  const { phase } = inTurn(state);
  const outages = {
    count: countInARow(phase.outages, event.kind),
    retryAt: event.retryAt,
    kind: event.kind,
    message: event.message,
  };
  const brief = { ...phase.brief, interrupted: true };
  // A conversation that no longer fits the model is not taken up again.
  const session = event.kind === "context" ? null : state.session;
  return spendTime({ ...to(state, { ...phase, turn: null, brief, outages }), session }, event.ms);
}

function turnEnded(state: TaskState, event: Extract<TaskEvent, { type: "turn_ended" }>): TaskState {
  const { phase, turn } = inTurn(state);
  const { outcome, said, cap } = event;
  const attempt: Attempt = {
    number: state.spent.attempts + 1,
    outcome,
    said,
    agentMs: event.ms,
    usage: turn.usage,
    agent: state.agent,
    commit: null,
    files: 0,
    tree: null,
    gate: [],
    preflight: null,
    verdict: null,
    lane: null,
    failures: [],
    failure: null,
  };
  const checking: Phase = { name: "checking", brief: phase.brief, outcome, said };
  const next = spendTime(to(state, checking), event.ms);
  const { reviews } = state;
  return {
    ...next,
    reviews: { ...reviews, open: reviews.open.map((one) => ({ ...one, told: true })) },
    overlaps: next.overlaps.map((one) => ({ ...one, told: true })),
    capReached: cap ?? null,
    spent: { ...next.spent, attempts: attempt.number },
    attempts: [...state.attempts.map(withoutOldTitles), attempt],
  };
}

/** What failed is told in words for the newest attempts alone; comparing them needs only the fingerprints. */
function withoutOldTitles(attempt: Attempt, index: number, all: readonly Attempt[]): Attempt {
  if (index >= all.length - 2 || attempt.failures.every(({ title }) => title === ""))
    return attempt;
  return { ...attempt, failures: attempt.failures.map((note) => ({ ...note, title: "" })) };
}

function spendTime(state: TaskState, ms: number): TaskState {
  return { ...state, spent: { ...state.spent, agentMs: state.spent.agentMs + ms } };
}

function inTurn(state: TaskState): { phase: Coding; turn: NonNullable<Coding["turn"]> } {
  const phase = inPhase(state, "coding");
  if (phase.turn === null) throw new Error("no turn is running");
  return { phase, turn: phase.turn };
}
