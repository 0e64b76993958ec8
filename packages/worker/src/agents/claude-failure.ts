import type { AgentFailureKind } from "@ampx/core";
import type { ClaudeResult } from "./claude-stream.ts";
import { kindOfStatus, kindOfWords } from "./provider-failure.ts";

/** What Claude Code itself says, by cause; the first that matches counts. Read from its CLI against a server that answers so. */
const causes: [AgentFailureKind, RegExp][] = [
  ["spawn", /native binary not installed|cannot be used with root/i],
  // Removed by a person, or made on another host: the next turn begins a new one.
  ["context", /no conversation found with session id/i],
  ["auth", /not logged in|run \/login|invalid api key|oauth token|token has expired/i],
  // Also answered with 400: what it says counts.
  ["rate_limit", /credit balance is too low|(?:hit|reached) your .*limit|usage limit/i],
];

/** Why Claude Code failed, from its words; undefined when they tell no known cause. */
export function claudeWordsKind(words: string): AgentFailureKind | undefined {
  return causes.find(([, pattern]) => pattern.test(words))?.[0] ?? kindOfWords(words);
}

/** Why a run failed, from its result. */
export function claudeResultKind(result: ClaudeResult): AgentFailureKind {
  if (result.terminal_reason === "prompt_too_long") return "context";
  const words = claudeResultWords(result);
  const own = causes.find(([, pattern]) => pattern.test(words))?.[0];
  if (own !== undefined) return own;
  if (result.api_error === "connection_failed") return "overloaded";
  const status = result.api_error_status ?? undefined;
  // A request that was refused as such: words about limits in it are not ours to read.
  if (status !== undefined) return kindOfStatus(status) ?? "model";
  return kindOfWords(words) ?? "model";
}

export function claudeResultWords({ result, errors, subtype }: ClaudeResult): string {
  return [result ?? "", ...errors].filter(Boolean).join("\n") || subtype;
}
