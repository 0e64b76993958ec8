import type { AgentFailureKind } from "@ampx/core";

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
    /\b(?:402|429)\b|rate.?limit|too many requests|usage limit|quota|resource.?exhausted|insufficient (?:balance|credits|funds)|out of credits|billing/i,
  ],
  [
    "auth",
    /\b40[13]\b|unauthori[sz]ed|authenticat|forbidden|permission denied for|(?:invalid|incorrect|missing|expired) (?:\w+ )?(?:api.?key|token|credentials)|api key (?:is |not )?(?:valid|missing|invalid|required|found)|not (?:logged|signed) in|please (?:log|sign) in/i,
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
