import type { Instant } from "@ampx/core";
import { z } from "zod";
import type { AgentEvent } from "../ports.ts";

const tokens = z.number().nonnegative().catch(0);

const ModelUsage = z.record(
  z.string(),
  z.object({
    inputTokens: tokens,
    outputTokens: tokens,
    cacheReadInputTokens: tokens,
    cacheCreationInputTokens: tokens,
    costUSD: z.number().nonnegative().optional(),
  }),
);
export type ClaudeModelUsage = z.infer<typeof ModelUsage>;

/** Of a model call, or of a run. */
const Usage = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
});

const Result = z.object({
  type: z.literal("result"),
  subtype: z.string(),
  // An error of the provider comes as a "success" that is an error.
  is_error: z.boolean(),
  result: z.string().optional(),
  errors: z.array(z.string()).default([]),
  terminal_reason: z.string().optional(),
  api_error_status: z.number().nullish(),
  api_error: z.string().optional(),
  permission_denials: z.array(z.object({ tool_name: z.string() })).default([]),
  /** Of this run. */
  usage: Usage.optional(),
  total_cost_usd: z.number().nonnegative().optional(),
  /** Of the session where the next field is there, else of this run. */
  modelUsage: ModelUsage.optional(),
  model_usage_since_last_result: ModelUsage.optional(),
});
export type ClaudeResult = z.infer<typeof Result>;

/** The parts of Claude Code's stream that we use. Unknown fields, blocks and messages are left to the raw file. */
const Message = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("system"),
    subtype: z.string(),
    session_id: z.string().optional(),
    attempt: z.number().optional(),
    max_retries: z.number().optional(),
    retry_delay_ms: z.number().optional(),
    error_status: z.number().nullish(),
    error: z.string().optional(),
  }),
  z.object({
    type: z.enum(["assistant", "user"]),
    message: z.object({
      id: z.string().optional(),
      model: z.string().optional(),
      content: z.array(z.unknown()),
      usage: Usage.optional(),
    }),
    /** The tool call below which a subagent works. */
    parent_tool_use_id: z.string().nullish(),
  }),
  z.object({
    type: z.literal("rate_limit_event"),
    /** `resetsAt`: in seconds. */
    rate_limit_info: z.object({ status: z.string(), resetsAt: z.number().optional() }),
  }),
  Result,
]);
type Message = z.infer<typeof Message>;

const Block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("thinking"), thinking: z.string() }),
  z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.unknown() }),
  z.object({
    type: z.literal("tool_result"),
    tool_use_id: z.string(),
    is_error: z.boolean().optional(),
  }),
]);

/** A model call that has failed and is tried again. */
export interface ClaudeRetry {
  status: number | null;
  error: string;
  /** When. */
  at: Instant;
}

export interface ClaudeStream {
  /** Takes the next message; returns the result when it is the terminal event of a run. */
  read(message: unknown): ClaudeResult | undefined;
  /** The agent's newest words. */
  said(): string;
  /** What it is waiting for, when the last that was heard is that a model call is tried again. */
  retrying(): ClaudeRetry | undefined;
  /** When the limit of its account ends that it has met. */
  resetAt(): Instant | undefined;
}

const maxInput = 2_000;
/** The model of messages that Claude Code itself has made: the result says the same. */
const noModel = "<synthetic>";

/** Reads one turn's stream message by message. */
export function claudeStream(emit: (event: AgentEvent) => void, now: () => Instant): ClaudeStream {
  const tools = new Map<string, string>();
  /** The model calls so far, and what they have used at least: how much each has written is told at the end alone. */
  const calls = new Set<string>();
  let used = 0;
  let said = "";
  let retrying: ClaudeRetry | undefined;
  let resetAt: Instant | undefined;

  return { read, said: () => said, retrying: () => retrying, resetAt: () => resetAt };

  function read(value: unknown): ClaudeResult | undefined {
    const message = Message.safeParse(value).data;
    switch (message?.type) {
      case undefined:
        return undefined;
      case "system":
        takeSystem(message);
        return undefined;
      case "assistant":
      case "user":
        if (message.message.model === noModel) return undefined;
        count(message.message);
        takeBlocks(message);
        return undefined;
      case "rate_limit_event": {
        const { status, resetsAt } = message.rate_limit_info;
        resetAt =
          status === "rejected" && resetsAt !== undefined
            ? Math.round(resetsAt * 1_000)
            : undefined;
        return undefined;
      }
      case "result":
        for (const { tool_name } of message.permission_denials)
          emit({ type: "diagnostic", text: `Permission denied: ${tool_name}` });
        return message;
    }
  }

  function takeSystem(message: Extract<Message, { type: "system" }>): void {
    if (message.subtype === "init" && message.session_id !== undefined)
      emit({ type: "session", id: message.session_id });
    if (message.subtype !== "api_retry") return;
    const { attempt = 0, max_retries = 0, retry_delay_ms = 0, error_status, error } = message;
    const at = Math.round(now() + retry_delay_ms);
    retrying = { status: error_status ?? null, error: error ?? "unknown", at };
    const cause = [error_status ?? "no answer", retrying.error].join(" ");
    const seconds = Math.round(retry_delay_ms / 1_000);
    emit({
      type: "retry",
      message: `model call failed (${cause}), again in ${seconds} s (${attempt} of ${max_retries})`,
    });
  }

  /** A call is told of block by block, each time with what it has read. */
  function count({ id, usage }: Extract<Message, { type: "assistant" | "user" }>["message"]): void {
    if (id === undefined || usage === undefined || calls.has(id)) return;
    calls.add(id);
    used += usage.input_tokens + usage.output_tokens;
    used += usage.cache_read_input_tokens + usage.cache_creation_input_tokens;
    emit({ type: "usage_so_far", tokens: used });
  }

  function takeBlocks(message: Extract<Message, { type: "assistant" | "user" }>): void {
    retrying = undefined;
    const isOwn = (message.parent_tool_use_id ?? null) === null;
    for (const value of message.message.content) {
      const block = Block.safeParse(value).data;
      if (block !== undefined) take(block, message.type === "assistant" && isOwn);
    }
  }

  function take(block: z.infer<typeof Block>, speaks: boolean): void {
    switch (block.type) {
      case "text":
        if (!speaks) return;
        said = block.text;
        return emit({ type: "text", text: said });
      case "thinking":
        if (speaks && block.thinking !== "") emit({ type: "thinking", text: block.thinking });
        return;
      case "tool_use": {
        tools.set(block.id, block.name);
        const input = (JSON.stringify(block.input) ?? "").slice(0, maxInput);
        return emit({ type: "tool", name: block.name, input });
      }
      case "tool_result": {
        const name = tools.get(block.tool_use_id) ?? "tool";
        tools.delete(block.tool_use_id);
        return emit({ type: "tool_ended", name, ok: block.is_error !== true });
      }
    }
  }
}
