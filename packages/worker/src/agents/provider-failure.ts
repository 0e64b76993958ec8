import { type AgentFailureKind, type Instant, resetTimeIn, type TurnOutcome } from "@ampx/core";
import { saidFrom } from "./turn-outcome.ts";

export type FailedTurn = Extract<TurnOutcome, { is: "failed" }>;

export interface ProviderFailure {
  kind: AgentFailureKind;
  /** As the agent tells it, redacted. */
  words: string;
  /** What to do when nobody is signed in: names the command to run. */
  signIn: string;
}

/** A turn that failed, in words for people, and until when if they tell: a clock's time in them is one of this machine's. */
export function failedTurn(
  agent: string,
  { kind, words, signIn }: ProviderFailure,
  now: Instant,
): FailedTurn {
  const message = kind === "auth" ? `signed out: ${signIn} (${words})` : words;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const resetAt =
    kind === "rate_limit" || kind === "overloaded" ? resetTimeIn(words, now, timeZone) : null;
  return {
    is: "failed",
    kind,
    message: saidFrom(`${agent}: ${message}`),
    ...(resetAt === null ? {} : { resetAt }),
  };
}

/** What an HTTP status of a model's provider means; undefined when it tells no known cause. */
export function kindOfStatus(status: number): AgentFailureKind | undefined {
  if (status === 401 || status === 403) return "auth";
  // Out of credits is a limit too: it may be lifted while the task waits with this cause on screen.
  if (status === 402 || status === 429) return "rate_limit";
  if (status === 413) return "context";
  return status === 408 || status >= 500 ? "overloaded" : undefined;
}

/** What providers and the libraries before them say, by cause; the first that matches counts. */
const causes: [AgentFailureKind, RegExp][] = [
  [
    "context",
    /context (?:window|length|limit|size)|maximum context|prompt is too long|(?:input|request) (?:is )?too (?:long|large)|input token count/i,
  ],
  [
    "rate_limit",
    /\b(?:402|429)\b|rate.?limit|too many requests|usage limit|(?:hit|reached) your .{0,40}limit|limit reached|quota|resource.?exhausted|insufficient (?:\w+ )?(?:balance|credits|funds)|(?:credit )?balance (?:is )?too low|out of (?:\w+ )?credits|credit limit|usage exceeded|spend limit|billing/i,
  ],
  [
    "auth",
    /\b40[13]\b|unauthori[sz]ed|authenticat|forbidden|permission denied for|(?:invalid|incorrect|missing|expired|revoked) (?:\w+ )?(?:api.?key|token|credentials)|api key (?:is |not )?(?:valid|missing|invalid|required|found)|(?:access|refresh|oauth) token|(?:token|session|login) (?:has |is )?(?:expired|been revoked)|not (?:logged|signed) in|please (?:log|sign) in|(?:log|sign) in again|run [`'"]?(?:\/login|\w+ (?:auth )?login)/i,
  ],
  [
    "overloaded",
    /overloaded|\b5\d\d\b|internal server error|(?:service|temporarily) unavailable|bad gateway|gateway time.?out|connect(?:ion)? (?:error|refused|reset|timed out)|(?:unable|cannot|couldn't|could not|failed) to (?:connect|reach)|fetch failed|ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|socket hang up/i,
  ],
];

/** Why a provider refused, from the words of its answer; undefined when they tell no known cause. */
export function kindOfWords(words: string): AgentFailureKind | undefined {
  return causes.find(([, pattern]) => pattern.test(words))?.[0];
}
