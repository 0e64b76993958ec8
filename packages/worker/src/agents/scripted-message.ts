import type { AgentFailureKind, Instant, TurnOutcome } from "@ampx/core";
import { z } from "zod";
import type { AgentEvent } from "../ports.ts";
import { saidFrom } from "./turn-outcome.ts";

const tokens = z.number().nonnegative();
/** What the process of the scripted agent prints, line by line. */
const Message = z.union([
  z.object({ text: z.string() }),
  z.object({ heard: z.string() }),
  z.object({
    ask: z.object({ tool: z.string(), input: z.string(), paths: z.array(z.string()) }),
  }),
  z.object({
    usage: z.object({
      input_tokens: tokens,
      output_tokens: tokens,
      cache_read_tokens: tokens,
      cache_write_tokens: tokens,
      usd: tokens.nullable(),
    }),
  }),
  z.object({ tool: z.string(), input: z.string() }),
  z.object({ tool_ended: z.string(), ok: z.boolean() }),
  z.object({ completed: z.string() }),
  z.object({
    failed: z.enum(["auth", "rate_limit", "overloaded", "context", "model", "spawn", "protocol"]),
    message: z.string(),
    reset_in_seconds: z.number().optional(),
  }),
]);
export type ScriptedMessage = z.infer<typeof Message>;

/** What a line of the process's output says; undefined: it is none of its protocol. */
export function messageOf(line: string): ScriptedMessage | undefined {
  if (!line.startsWith('{"')) return undefined;
  try {
    return Message.safeParse(JSON.parse(line)).data;
  } catch {
    // Output of a command that looks like JSON is a diagnostic like any other.
    return undefined;
  }
}

/** The turn's end, if the message is one. */
export function outcomeOf(message: ScriptedMessage, now: Instant): TurnOutcome | undefined {
  if ("completed" in message) return { is: "completed", said: saidFrom(message.completed) };
  if (!("failed" in message)) return undefined;
  const { failed: kind, message: words, reset_in_seconds: seconds } = message;
  const resetAt = seconds === undefined ? {} : { resetAt: now + seconds * 1_000 };
  return { is: "failed", kind: kind satisfies AgentFailureKind, message: words, ...resetAt };
}

export function eventOf(message: ScriptedMessage): AgentEvent | undefined {
  if ("text" in message) return { type: "text", text: message.text };
  if ("heard" in message) return { type: "text", text: `heard: ${message.heard}` };
  if ("usage" in message) return usageOf(message.usage);
  if ("tool" in message) return { type: "tool", name: message.tool, input: message.input };
  if ("tool_ended" in message)
    return { type: "tool_ended", name: message.tool_ended, ok: message.ok };
  return undefined;
}

function usageOf(used: Extract<ScriptedMessage, { usage: object }>["usage"]): AgentEvent {
  return {
    type: "usage",
    inputTokens: used.input_tokens,
    outputTokens: used.output_tokens,
    cacheReadTokens: used.cache_read_tokens,
    cacheWriteTokens: used.cache_write_tokens,
    usd: used.usd,
    source: "reported",
  };
}
