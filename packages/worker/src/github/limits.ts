import { TransientError, type Instant } from "@ampx/core";
import type { Answer } from "./exchange.ts";
import { saidBy } from "./refusal.ts";

/** What is left of the hour, as GitHub counts it. */
export interface RateLeft {
  limit: number;
  remaining: number;
  resetAt: Instant;
}

/** The limits of one token: when it may be used again, and how much of it is left. Nothing here waits. */
export interface Limits {
  /** Throws a `TransientError` that says until when, while the token is closed. */
  check(now: Instant, kind: "read" | "write"): void;
  /** Learns from an answer. Returns the error of one that met a limit, else null. */
  note(answer: Answer, now: Instant): TransientError | null;
  left(): RateLeft | null;
}

/** A tenth of the hour is left to the people whose token it is. */
const keptShare = 0.1;
/** GitHub closes at 900 points a minute (a read 1, a write 5); below that. */
const maxPointsPerMinute = 700;
/** A secondary limit that does not say how long it holds. */
const leastPauseMs = 60_000;

export function createLimits(): Limits {
  let closedUntil = 0;
  let why = "";
  let met = 0;
  let left: RateLeft | null = null;
  let spent: { at: Instant; points: number }[] = [];

  return {
    check(now, kind) {
      if (now < closedUntil) throw closed(why, closedUntil);
      if (left !== null && now < left.resetAt && left.remaining <= left.limit * keptShare)
        throw closed(
          `${left.remaining} of ${left.limit} requests an hour are left, which are kept for people`,
          left.resetAt,
        );
      // What was spent in the future was spent by a clock that was set back.
      spent = spent.filter(({ at }) => at > now - 60_000 && at <= now);
      const points = spent.reduce((sum, one) => sum + one.points, 0);
      if (points >= maxPointsPerMinute)
        throw closed(
          "as much as GitHub allows was asked within a minute",
          (spent[0]?.at ?? now) + 60_000,
        );
      spent.push({ at: now, points: kind === "read" ? 1 : 5 });
    },

    note(answer, now) {
      // By GitHub's clock: ours may be wrong.
      const skew = answer.date === null ? 0 : now - answer.date;
      const { headers, status } = answer;
      left = leftOf(headers, skew) ?? left;
      if (status === 304) spent.pop();
      if (status !== 403 && status !== 429) {
        if (status < 400) met = 0;
        return null;
      }
      const said = saidBy(answer.body);
      const after = Number(headers.get("retry-after") ?? Number.NaN);
      const isPrimary = headers.get("x-ratelimit-remaining") === "0";
      const isLimit =
        status === 429 ||
        isPrimary ||
        !Number.isNaN(after) ||
        /rate limit|abuse detection/i.test(said);
      if (!isLimit) return null;
      met += 1;
      closedUntil = !Number.isNaN(after)
        ? now + Math.max(1, after) * 1_000
        : isPrimary && left !== null && left.resetAt > now
          ? left.resetAt + 1_000
          : now + leastPauseMs * 2 ** Math.min(met - 1, 5);
      why = isPrimary
        ? "the rate limit is used up"
        : `GitHub asks for a pause${said === "" ? "" : ` (${said})`}`;
      return closed(why, closedUntil);
    },

    left: () => left,
  };
}

function leftOf(headers: Headers, skew: number): RateLeft | null {
  const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) => {
    const text = headers.get(`x-ratelimit-${name}`);
    return text === null ? Number.NaN : Number(text);
  });
  const resource = headers.get("x-ratelimit-resource");
  if (resource !== null && resource !== "core") return null;
  if (limit === undefined || remaining === undefined || reset === undefined) return null;
  if ([limit, remaining, reset].some(Number.isNaN)) return null;
  return { limit, remaining, resetAt: reset * 1_000 + skew };
}

function closed(reason: string, until: Instant): TransientError {
  return new TransientError(
    `GitHub: ${reason}, until ${new Date(until).toISOString().slice(11, 19)} UTC`,
  );
}
