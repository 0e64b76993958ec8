import { Refusal } from "./refusal.ts";

/** May be changed while it runs. */
export interface Limits {
  /** Requests that count, per token. */
  perHour: number;
  /** The secondary limit: a request that changes something is 5 points, any other 1. */
  pointsPerMinute: number;
  /** The secondary limit on requests that make content. */
  contentPerMinute: number;
  /** Of the refusal; GitHub uses both. */
  status: 403 | 429;
  /** Whether a refusal for a secondary limit says when to come again. */
  retryAfter: boolean;
}

export const githubLimits: Limits = {
  perHour: 5_000,
  pointsPerMinute: 900,
  contentPerMinute: 80,
  status: 403,
  retryAfter: true,
};

/** What one token has used. */
export interface Budget {
  used: number;
  /** When `used` is 0 again. */
  resetsAt: number;
  recent: { at: number; points: number; content: boolean }[];
}

/** What is left to those who do not say who they are. */
export function forNobody(limits: Limits): Limits {
  return { ...limits, perHour: Math.min(limits.perHour, 60) };
}

/** Throws where the budget is spent, else takes the request off it. */
export function spend(budget: Budget, limits: Limits, method: string, now: number): void {
  renew(budget, now);
  if (budget.used >= limits.perHour)
    throw new Refusal(limits.status, "API rate limit exceeded for this token.");

  budget.recent = budget.recent.filter(({ at }) => at > now - 60_000);
  const changes = !["GET", "HEAD", "OPTIONS"].includes(method);
  const points = changes ? 5 : 1;
  const spent = budget.recent.reduce((sum, one) => sum + one.points, points);
  const made = budget.recent.filter(({ content }) => content).length + (changes ? 1 : 0);
  if (spent > limits.pointsPerMinute || made > limits.contentPerMinute)
    throw new Refusal(
      limits.status,
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      limits.retryAfter ? { headers: { "retry-after": "60" } } : {},
    );
  budget.recent.push({ at: now, points, content: changes });
  budget.used++;
}

/** An answer 304 does not count. */
export function giveBack(budget: Budget): void {
  budget.used--;
}

export function limitHeaders(
  budget: Budget,
  { perHour }: Limits,
  now: number,
): Record<string, string> {
  renew(budget, now);
  return {
    "x-ratelimit-limit": String(perHour),
    "x-ratelimit-remaining": String(Math.max(perHour - budget.used, 0)),
    "x-ratelimit-reset": String(Math.ceil(budget.resetsAt / 1000)),
    "x-ratelimit-used": String(budget.used),
    "x-ratelimit-resource": "core",
  };
}

export function newBudget(now: number): Budget {
  return { used: 0, resetsAt: now + hourMs, recent: [] };
}

function renew(budget: Budget, now: number): void {
  if (now < budget.resetsAt) return;
  budget.used = 0;
  budget.resetsAt = now + hourMs;
}

const hourMs = 3_600_000;
