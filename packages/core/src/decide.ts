import { canContinue, wayOn } from "./can-continue.ts";
import { decideTurn, granted, raised } from "./decide-turn.ts";
import { aloneInstallation, type Installation } from "./installation.ts";
import { mergeable } from "./mergeable.ts";
import type { Policy } from "./policy.ts";
import { locksOf, waitsItsTurn } from "./projection.ts";
import { mergedByHand, startsReview } from "./review.ts";
import type { Instant, Millis, Sha } from "./scalars.ts";
import type { TaskEvent } from "./task-event.ts";
import type { Phase, PhaseName, TaskState } from "./task-state.ts";
import type { Left } from "./used.ts";
import { itsTurn, notGreen, restReason } from "./waiting.ts";

export type Action =
  /** Nothing to do in the world: the event follows from the state. */
  | { do: "record"; event: TaskEvent }
  | { do: "prepare" }
  /** `left`: what the task may still use; `day`: what all tasks together may still use today. */
  | { do: "run_turn"; wallMs: Millis; left: Left; day: Left }
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
  /** How far is the merge that was left to the forge? */
  | { do: "look_at_merge"; sha: Sha }
  /** The forge shall not merge it any more. */
  | { do: "withdraw_merge"; sha: Sha }
  | { do: "abort"; by: string }
  /** Not before `until`; null: not before somebody asks for something. */
  | { do: "wait"; until: Instant | null; reason: string };

/**
 * What to do next is a function of where the task is, so that a crashed worker goes on by asking again. `isItsTurn`: the schedule lets it begin, or
 * take its locks again.
 */
export function decide(
  state: TaskState,
  now: Instant,
  policy: Policy,
  installation: Installation = aloneInstallation,
  isItsTurn = true,
): Action {
  return (
    answerRequest(state, now) ??
    takeTurn(state, now, isItsTurn, (phase) =>
      decideTurn(state, phase, now, policy, installation),
    ) ??
    proceed(state, now, policy, installation)
  );
}

/** What people asked for and said comes first, where the phase allows it; otherwise it waits for a phase that does. */
function answerRequest(state: TaskState, at: Instant): Action | undefined {
  const { requests, phase } = state;
  const byHand = mergedByHand(state);
  if (byHand !== null) return { do: "record", event: { type: "merged", at, sha: byHand } };
  const refuse = (request: "abort" | "continue" | "merge", reason: string): Action => ({
    do: "record",
    event: { type: "request_refused", at, request, reason },
  });

  if (requests.abort !== null) {
    if (phase.name === "merged") return refuse("abort", "it is merged already");
    if (phase.name === "aborted") return refuse("abort", "it is aborted already");
    if (phase.name === "coding" && phase.turn !== null) return { do: "recover_turn" };
    if (phase.name === "awaiting_merge") return { do: "withdraw_merge", sha: phase.sha };
    const tooLate = phase.name === "merging" && phase.started;
    if (!tooLate) return { do: "abort", by: requests.abort.by };
  }

  if (requests.words.length > 0) {
    if (phase.name === "merged")
      return refuse("continue", "it is merged already: start a new task");
    // What is about to be changed must not be merged as it is.
    if (phase.name === "awaiting_merge" && requests.words.some(({ text }) => text !== ""))
      return { do: "withdraw_merge", sha: phase.sha };
    if (canContinue(phase)) {
      const words = requests.words.map(({ text }) => text).filter((text) => text !== "");
      const allow = requests.words.flatMap((wish) => wish.allow);
      const budget = wayOn(state, { words, allow }, at).spends
        ? raised(state, at)
        : { ...state.budget, ...granted(requests) };
      return { do: "record", event: { type: "continued", at, budget, words, allow } };
    }
  }

  if (requests.attach !== null && ofWorktree.has(phase.name)) {
    if (phase.name === "coding" && phase.turn !== null) return { do: "recover_turn" };
    return { do: "wait", until: null, reason: `${requests.attach.by}, who works in the worktree` };
  }

  if (requests.merge !== null) {
    if (mergeable(state) !== null) return { do: "record", event: { type: "merge_accepted", at } };
    if (phase.name === "merged") return refuse("merge", "it is merged already");
    if (phase.name === "aborted" || phase.name === "error" || phase.name === "needs_review")
      return refuse("merge", notGreen(state));
  }
  // Whoever asks for changes does not want it merged as it is.
  if (phase.name === "awaiting_merge" && state.reviews.waiting.length > 0)
    return { do: "withdraw_merge", sha: phase.sha };
  if (startsReview(state)) return { do: "record", event: { type: "review_accepted", at } };
  return undefined;
}

/** Phases that change the worktree, or commit what lies in it: none of them goes on while a person is in it. */
const ofWorktree = new Set<PhaseName>([
  "queued",
  "preparing",
  "coding",
  "checking",
  "preflighting",
  "rebasing",
]);

/** Who may begin is not for one task to say: its locks are its own from the moment at which it was claimed. */
function takeTurn(
  state: TaskState,
  at: Instant,
  isItsTurn: boolean,
  next: (phase: Extract<Phase, { name: "coding" }>) => Action,
): Action | undefined {
  if (!waitsItsTurn(state)) return undefined;
  // What can only be given up needs no locks, which it would hold while it rests.
  if (state.phase.name === "coding" && next(state.phase).do === "record") return undefined;
  if (!isItsTurn) return { do: "wait", until: null, reason: itsTurn };
  const locks = [...locksOf(state)];
  if (state.phase.name === "coding")
    return { do: "record", event: { type: "locks_taken", at, locks } };
  return {
    do: "record",
    event: { type: "started", at, ...(locks.length > 0 && { locks }) },
  };
}

function proceed(
  state: TaskState,
  now: Instant,
  policy: Policy,
  installation: Installation,
): Action {
  const { phase } = state;
  switch (phase.name) {
    case "queued":
      throw new Error("a task begins in its turn");
    case "preparing":
      return { do: "prepare" };
    case "coding":
      return decideTurn(state, phase, now, policy, installation);
    case "checking":
      return { do: "commit" };
    case "inspecting":
      return { do: "inspect", commit: phase.commit };
    case "preflighting":
      return { do: "preflight", commit: phase.commit };
    case "unchanged":
      return explain(state, phase, now, policy, installation);
    case "pushing":
      return phase.started
        ? { do: "push", commit: phase.commit, expected: state.pushed }
        : {
            do: "record",
            event: { type: "push_started", at: now, commit: phase.commit, expected: state.pushed },
          };
    case "awaiting_ci":
      return awaitCi(phase, now, policy, installation);
    case "diagnosing":
      return (
        (phase.asksBase ? askOfBase(state, phase.since, now, policy, installation) : undefined) ?? {
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
    case "awaiting_merge":
      return { do: "look_at_merge", sha: phase.sha };
    case "ready":
    case "merged":
    case "needs_review":
    case "aborted":
    case "error":
      return { do: "wait", until: null, reason: restReason(state) };
  }
}

/** Why an agent that said it was done has changed nothing. */
function explain(
  state: TaskState,
  { said, since }: Extract<Phase, { name: "unchanged" }>,
  now: Instant,
  policy: Policy,
  installation: Installation,
): Action {
  const giveUp = (reason: "blocked" | "done_already" | "no_change"): Action => ({
    do: "record",
    event: { type: "gave_up", at: now, reason, detail: said },
  });
  if (state.failure !== null) return giveUp("blocked");
  const ask = askOfBase(state, since, now, policy, installation);
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
  installation: Installation,
): Action | undefined {
  if (!policy.checksBase || base === null || baseVerdict?.sha === base) return undefined;
  return { do: "judge_base", sha: base, overdue: isOverdue(since, now, policy, installation) };
}

function awaitCi(
  phase: Extract<Phase, { name: "awaiting_ci" }>,
  now: Instant,
  policy: Policy,
  installation: Installation,
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
  return { do: "read_ci", sha, overdue: isOverdue(phase.since, now, policy, installation) };
}

/** Time in which nobody could look does not count: CI of this machine slept as well, or was ended with the server. */
function isOverdue(
  since: Instant,
  now: Instant,
  { ciTimeoutMs }: Policy,
  { lookingSince }: Installation,
): boolean {
  return now - Math.max(since, lookingSince) > ciTimeoutMs;
}
