import { canContinue, wayOn } from "./can-continue.ts";
import { isOutage } from "./outage.ts";
import type { Policy } from "./policy.ts";
import { whyStuck } from "./progress.ts";
import type { Instant, Millis, Sha } from "./scalars.ts";
import type { TaskEvent } from "./task-event.ts";
import type { Budget, Phase, TaskState } from "./task-state.ts";
import { notGreen, restReason } from "./waiting.ts";

export type Action =
  /** Nothing to do in the world: the event follows from the state. */
  | { do: "record"; event: TaskEvent }
  | { do: "prepare" }
  | { do: "run_turn"; wallMs: Millis }
  /** A turn was running when its worker died. */
  | { do: "recover_turn" }
  | { do: "commit" }
  | { do: "inspect"; commit: Sha }
  | { do: "preflight"; commit: Sha }
  | { do: "push"; commit: Sha; expected: Sha | null }
  | { do: "read_ci"; sha: Sha; overdue: boolean }
  | { do: "rerun_ci"; sha: Sha }
  /** What CI says of the commit that the change is built on. */
  | { do: "judge_base"; sha: Sha; overdue: boolean }
  | { do: "diagnose"; sha: Sha }
  | { do: "open_change"; sha: Sha }
  | { do: "rebase" }
  | { do: "merge"; sha: Sha; expectedBase: Sha }
  | { do: "abort"; by: string }
  /** Not before `until`; null: not before somebody asks for something. */
  | { do: "wait"; until: Instant | null; reason: string };

/** What to do next is a function of where the task is, so that a crashed worker goes on by asking again. */
export function decide(state: TaskState, now: Instant, policy: Policy): Action {
  return answerRequest(state, now) ?? proceed(state, now, policy);
}

/** What people asked for comes first, where the phase allows it; otherwise it waits for a phase that does. */
function answerRequest(state: TaskState, at: Instant): Action | undefined {
  const { requests, phase } = state;
  const refuse = (request: "abort" | "continue" | "merge", reason: string): Action => ({
    do: "record",
    event: { type: "request_refused", at, request, reason },
  });

  if (requests.abort !== null) {
    if (phase.name === "merged") return refuse("abort", "it is merged already");
    if (phase.name === "aborted") return refuse("abort", "it is aborted already");
    if (phase.name === "coding" && phase.turn !== null) return { do: "recover_turn" };
    const tooLate = phase.name === "merging" && phase.started;
    if (!tooLate) return { do: "abort", by: requests.abort.by };
  }

  if (requests.words.length > 0) {
    if (phase.name === "merged")
      return refuse("continue", "it is merged already: start a new task");
    if (canContinue(phase)) {
      const words = requests.words.map(({ text }) => text).filter((text) => text !== "");
      const allow = requests.words.flatMap((wish) => wish.allow);
      const budget = wayOn(state, words, at).spends ? raise(state, at) : state.budget;
      return { do: "record", event: { type: "continued", at, budget, words, allow } };
    }
  }

  if (requests.merge !== null) {
    if (phase.name === "ready") return { do: "record", event: { type: "merge_accepted", at } };
    if (phase.name === "merged") return refuse("merge", "it is merged already");
    if (phase.name === "aborted" || phase.name === "error" || phase.name === "needs_review")
      return refuse("merge", notGreen(state));
  }
  return undefined;
}

function proceed(state: TaskState, now: Instant, policy: Policy): Action {
  const { phase } = state;
  switch (phase.name) {
    case "queued":
      return { do: "record", event: { type: "started", at: now } };
    case "preparing":
      return { do: "prepare" };
    case "coding":
      return code(state, phase, now, policy);
    case "checking":
      return { do: "commit" };
    case "inspecting":
      return { do: "inspect", commit: phase.commit };
    case "preflighting":
      return { do: "preflight", commit: phase.commit };
    case "unchanged":
      return explain(state, phase, now, policy);
    case "pushing":
      return phase.started
        ? { do: "push", commit: phase.commit, expected: state.pushed }
        : {
            do: "record",
            event: { type: "push_started", at: now, commit: phase.commit, expected: state.pushed },
          };
    case "awaiting_ci":
      return awaitCi(phase, now, policy);
    case "diagnosing":
      return (
        (phase.asksBase ? askOfBase(state, phase.since, now, policy) : undefined) ?? {
          do: "diagnose",
          sha: phase.sha,
        }
      );
    case "opening":
      return { do: "open_change", sha: phase.sha };
    case "rebasing":
      return { do: "rebase" };
    case "merging": {
      const { sha, expectedBase } = phase;
      return phase.started
        ? { do: "merge", sha, expectedBase }
        : { do: "record", event: { type: "merge_started", at: now, sha, expectedBase } };
    }
    case "ready":
    case "merged":
    case "needs_review":
    case "aborted":
    case "error":
      return { do: "wait", until: null, reason: restReason(state) };
  }
}

function code(
  state: TaskState,
  phase: Extract<Phase, { name: "coding" }>,
  now: Instant,
  policy: Policy,
): Action {
  if (phase.turn !== null) return { do: "recover_turn" };
  const { budget, spent } = state;
  const { outages } = phase;
  const giveUp = (
    reason: Extract<TaskEvent, { type: "gave_up" }>["reason"],
    detail: string,
  ): Action => ({
    do: "record",
    event: { type: "gave_up", at: now, reason, detail },
  });

  if (spent.attempts >= budget.maxAttempts)
    return giveUp("attempts_spent", `${spent.attempts} of ${budget.maxAttempts} attempts`);
  const wallMs = Math.min(budget.maxAgentMs - spent.agentMs, (budget.deadline ?? Infinity) - now);
  if (budget.deadline !== null && now >= budget.deadline)
    return giveUp("deadline_passed", new Date(budget.deadline).toISOString());
  if (wallMs <= 0)
    return giveUp(
      "minutes_spent",
      `${minutes(spent.agentMs)} of ${minutes(budget.maxAgentMs)} agent minutes`,
    );
  const stuck = phase.brief.words.length > 0 ? null : whyStuck(state, policy.maxFruitless);
  if (stuck !== null)
    return state.approach.fresh
      ? giveUp("no_progress", stuck)
      : { do: "record", event: { type: "started_afresh", at: now, why: stuck } };
  if (phase.interruptions > policy.maxInterruptions)
    return giveUp("interrupted_too_often", `${phase.interruptions} turns in a row were cut off`);
  if (outages !== null) {
    if (outages.count > patience(outages.kind, policy))
      return giveUp("agent_unavailable", outages.message);
    if (now < outages.retryAt)
      return {
        do: "wait",
        until: outages.retryAt,
        reason: `the agent to work again: ${outages.message}`,
      };
  }
  return { do: "run_turn", wallMs };
}

/** Why an agent that said it was done has changed nothing. */
function explain(
  state: TaskState,
  { said, since }: Extract<Phase, { name: "unchanged" }>,
  now: Instant,
  policy: Policy,
): Action {
  const giveUp = (reason: "blocked" | "done_already" | "no_change"): Action => ({
    do: "record",
    event: { type: "gave_up", at: now, reason, detail: said },
  });
  if (state.failure !== null) return giveUp("blocked");
  const ask = askOfBase(state, since, now, policy);
  if (ask !== undefined) return ask;
  const { sha, is } = state.baseVerdict ?? { sha: null, is: "unknown" };
  if (sha !== state.base || is === "unknown") return giveUp("no_change");
  return giveUp(is === "passed" ? "done_already" : "blocked");
}

/** Asks CI about the commit that the change is built on, once. */
function askOfBase(
  { base, baseVerdict }: TaskState,
  since: Instant,
  now: Instant,
  policy: Policy,
): Action | undefined {
  if (!policy.checksBase || base === null || baseVerdict?.sha === base) return undefined;
  return { do: "judge_base", sha: base, overdue: now - since > policy.ciTimeoutMs };
}

function awaitCi(
  phase: Extract<Phase, { name: "awaiting_ci" }>,
  now: Instant,
  policy: Policy,
): Action {
  const { sha, errors } = phase;
  if (errors !== null) {
    if (errors.count > policy.maxCiErrors)
      return {
        do: "record",
        event: { type: "gave_up", at: now, reason: "ci_unavailable", detail: errors.cause },
      };
    if (now < errors.retryAt)
      return { do: "wait", until: errors.retryAt, reason: `CI to work again: ${errors.cause}` };
    if (!errors.rerun) return { do: "rerun_ci", sha };
  }
  // Overdue still means one more look: CI may have finished while no worker was running.
  return { do: "read_ci", sha, overdue: now - phase.since > policy.ciTimeoutMs };
}

/** How many turns in a row may fail in this way before a person is asked. */
function patience(kind: string, policy: Policy): number {
  if (kind === "auth" || kind === "spawn") return 0;
  return isOutage(kind) ? policy.maxOutages : policy.maxAgentFaults;
}

/** One more attempt than is spent or was granted, and room in time for it. */
function raise({ budget, spent }: TaskState, now: Instant): Budget {
  const turnMs = Math.ceil(budget.maxAgentMs / budget.maxAttempts);
  return {
    maxAttempts: Math.max(budget.maxAttempts, spent.attempts) + 1,
    maxAgentMs: Math.max(budget.maxAgentMs, spent.agentMs + turnMs),
    deadline: budget.deadline !== null && budget.deadline <= now ? null : budget.deadline,
  };
}

function minutes(ms: Millis): string {
  return (ms / 60_000).toFixed(1).replace(/\.0$/, "");
}
