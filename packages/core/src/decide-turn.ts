import type { Action } from "./decide.ts";
import { dollars } from "./dollars.ts";
import type { Installation } from "./installation.ts";
import { isOutage } from "./outage.ts";
import type { Policy } from "./policy.ts";
import { whyStuck } from "./progress.ts";
import type { Instant, Millis } from "./scalars.ts";
import type { TaskEvent } from "./task-event.ts";
import type { Phase, TaskState } from "./task-state.ts";
import type { Budget, BudgetChange } from "./task.ts";
import { allTokens, leftOf } from "./used.ts";

type Coding = Extract<Phase, { name: "coding" }>;

/** Whether the agent may begin a turn; if not, what comes instead: a person, another agent, another approach, or a wait. */
export function decideTurn(
  state: TaskState,
  phase: Coding,
  now: Instant,
  policy: Policy,
  installation: Installation,
): Action {
  if (phase.turn !== null) return { do: "recover_turn" };
  const { budget, spent } = state;
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
  const left = leftOf(spent.usage, {
    usd: budget.maxUsd ?? null,
    tokens: budget.maxTokens ?? null,
  });
  if (isReached(left.usd) || state.capReached === "usd")
    return giveUp("usd_spent", `${dollars(spent.usage.usd)} of ${dollars(budget.maxUsd ?? 0)}`);
  if (isReached(left.tokens) || state.capReached === "tokens")
    return giveUp("tokens_spent", `${allTokens(spent.usage)} of ${budget.maxTokens} tokens`);

  const stuck = phase.brief.words.length > 0 ? null : whyStuck(state, policy.maxFruitless);
  if (stuck !== null)
    return state.approach.fresh
      ? giveUp("no_progress", stuck)
      : { do: "record", event: { type: "started_afresh", at: now, why: stuck } };
  if (phase.interruptions > policy.maxInterruptions)
    return giveUp("interrupted_too_often", `${phase.interruptions} turns in a row were cut off`);
  const { outages } = phase;
  if (outages !== null && outages.count > patience(outages.kind, policy))
    return giveUp("agent_unavailable", outages.message);

  const refusal = refusalOf(state, phase, now, installation);
  if (refusal !== null) return orAnother(state, refusal, now, policy, installation);
  const day = leftOf(installation.usedToday, {
    usd: policy.maxUsdPerDay,
    tokens: policy.maxTokensPerDay,
  });
  if (isReached(day.usd) || isReached(day.tokens))
    return {
      do: "wait",
      until: installation.dayEndsAt,
      reason: `tomorrow: all tasks together have used ${isReached(day.usd) ? dollars(installation.usedToday.usd) : `${allTokens(installation.usedToday)} tokens`} today, and no more is allowed`,
    };
  return { do: "run_turn", wallMs, left, day };
}

interface Refusal {
  kind: string;
  message: string;
  until: Instant;
}

/** Why the agent cannot be called now: this task was refused, or another one that has the same agent. The longer wait counts. */
function refusalOf(
  { agent }: TaskState,
  { outages }: Coding,
  now: Instant,
  { parked }: Installation,
): Refusal | null {
  const own = outages === null ? [] : [{ ...outages, until: outages.retryAt }];
  const all = [...own, ...parked.filter((one) => one.agent === agent)];
  return all
    .filter(({ until }) => now < until)
    .reduce<Refusal | null>(
      (longest, one) => (longest === null || one.until > longest.until ? one : longest),
      null,
    );
}

/** Another agent of the task's choice when this one is refused for long, else the wait for it. */
function orAnother(
  { agent, task, fallbacks }: TaskState,
  { kind, message, until }: Refusal,
  now: Instant,
  policy: Policy,
  { parked }: Installation,
): Action {
  const isLong = isOutage(kind) && (kind === "auth" || until - now > policy.fallbackAfterMs);
  const isFree = (name: string) => parked.every((one) => one.agent !== name || one.until <= now);
  const other = isLong
    ? [task.agent, ...fallbacks].find((name) => name !== agent && isFree(name))
    : undefined;
  if (other !== undefined)
    return {
      do: "record",
      event: {
        type: "agent_switched",
        at: now,
        to: other,
        why: `${agent} is not to be had: ${message}`,
      },
    };
  const whom = kind === "auth" ? "you to sign in" : `${agent} to work again`;
  return { do: "wait", until, reason: `${whom}: ${message}` };
}

function isReached(left: number | null): boolean {
  return left !== null && left <= 0;
}

/** How many turns in a row may fail in this way before a person is asked. */
function patience(kind: string, policy: Policy): number {
  if (kind === "spawn") return 0;
  return isOutage(kind) ? policy.maxOutages : policy.maxAgentFaults;
}

/** What a person grants who wants the task to go on: one more attempt than is spent or was granted with room for it, or what they say. */
export function raised({ budget, spent, requests }: TaskState, now: Instant): Budget {
  const share = (cap: number) => cap / budget.maxAttempts;
  const { maxUsd, maxTokens } = budget;
  return {
    maxAttempts: Math.max(budget.maxAttempts, spent.attempts) + 1,
    maxAgentMs: Math.max(budget.maxAgentMs, spent.agentMs + Math.ceil(share(budget.maxAgentMs))),
    deadline: budget.deadline !== null && budget.deadline <= now ? null : budget.deadline,
    ...(maxUsd !== undefined && { maxUsd: Math.max(maxUsd, spent.usage.usd + share(maxUsd)) }),
    ...(maxTokens !== undefined && {
      maxTokens: Math.max(maxTokens, allTokens(spent.usage) + Math.ceil(share(maxTokens))),
    }),
    ...granted(requests),
  };
}

/** What people have said of the budget; the newest word counts. */
export function granted({ words }: TaskState["requests"]): Partial<Budget> {
  return words.reduce<Partial<Budget>>((all, { budget }) => ({ ...all, ...given(budget) }), {});
}

function given({ maxAttempts, maxAgentMs, maxUsd, maxTokens }: BudgetChange): Partial<Budget> {
  return {
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(maxAgentMs !== undefined && { maxAgentMs }),
    ...(maxUsd !== undefined && { maxUsd }),
    ...(maxTokens !== undefined && { maxTokens }),
  };
}

function minutes(ms: Millis): string {
  return (ms / 60_000).toFixed(1).replace(/\.0$/, "");
}
