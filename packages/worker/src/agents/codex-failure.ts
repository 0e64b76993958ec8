import type { AgentFailureKind } from "@ampx/core";
import { kindOfStatus, kindOfWords } from "./provider-failure.ts";

/** What Codex itself says, by cause; the first that matches counts. Read from its CLI against a server that answers so. */
const causes: [AgentFailureKind, RegExp][] = [
  ["spawn", /error loading config|missing optional dependency/i],
  // Removed by a person, or made on another host: the next turn begins a new one.
  ["context", /no rollout found for thread|ran out of room/i],
  [
    "auth",
    /missing environment variable|not (?:logged|signed) in|(?:log|sign) in again|refresh token|codex login/i,
  ],
  [
    "rate_limit",
    /quota exceeded|usage limit|out of credits|credit limit|spend(?:ing)? (?:limit|cap)/i,
  ],
  [
    "overloaded",
    /high demand|at capacity|stream (?:disconnected|error)|error sending request|waiting for network/i,
  ],
];

/** Why Codex failed, from its words; undefined when they tell no known cause. */
export function codexFailureKind(words: string): AgentFailureKind | undefined {
  const own = causes.find(([, pattern]) => pattern.test(words))?.[0];
  if (own !== undefined) return own;
  const status = /\bstatus:? (\d{3})\b/.exec(words)?.[1];
  return (status === undefined ? undefined : kindOfStatus(Number(status))) ?? kindOfWords(words);
}
