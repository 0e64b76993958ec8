import type { AgentFailureKind } from "@ampx/core";

/** What Amp says, by cause; the first that matches counts. Read from its CLI against a server that answers so. */
const causes: [AgentFailureKind, RegExp][] = [
  ["spawn", /native binary not installed/i],
  ["context", /context (window )?limit|context window|prompt is too long/i],
  [
    "auth",
    /\b40[13]\b|unauthorized|invalid or missing api key|no api key found|access token|amp login/i,
  ],
  // Out of credits is a limit too: it may be lifted while the task waits with this cause on screen.
  [
    "rate_limit",
    /\b(402|429)\b|rate.?limit|too many requests|usage limit|quota|out of credits|billing/i,
  ],
  [
    "overloaded",
    /overloaded|\b5\d\d\b|internal server error|connection error|couldn't connect|cannot reach|offline|fetch failed|ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|socket hang up/i,
  ],
];

/** Why Amp failed, from its own words; undefined when they tell no known cause. */
export function ampFailureKind(message: string): AgentFailureKind | undefined {
  return causes.find(([, words]) => words.test(message))?.[0];
}
