import type { AgentFailureKind } from "@ampx/core";
import { kindOfWords } from "./provider-failure.ts";

/** What Amp itself says, by cause; the first that matches counts. Read from its CLI against a server that answers so. */
const causes: [AgentFailureKind, RegExp][] = [
  ["spawn", /native binary not installed/i],
  // Removed by a person, made on another host, or archived: the next turn begins a new one.
  ["context", /\bthread T-\S+ (?:does not exist|not found)|thread is archived and cannot/i],
  [
    "auth",
    /invalid or missing api key|no api key found|api key required|login flow|access token|amp login/i,
  ],
  ["overloaded", /couldn't connect|cannot reach|offline|stream timed out/i],
];

/** Why Amp failed, from its words; undefined when they tell no known cause. */
export function ampFailureKind(words: string): AgentFailureKind | undefined {
  return causes.find(([, pattern]) => pattern.test(words))?.[0] ?? kindOfWords(words);
}
