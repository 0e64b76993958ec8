import { z } from "zod";
import type { AgentEvent } from "../ports.ts";
import { jsonLine } from "./json-line.ts";

const tokens = z.number().nonnegative().catch(0);
/** Of one model call. */
const Usage = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
});

/** The parts of Amp's stream that we use. Unknown fields, blocks and messages are left to the raw file. */
const Message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("system"), session_id: z.string().optional() }),
  z.object({
    type: z.enum(["assistant", "user"]),
    message: z.object({
      content: z.array(z.unknown()),
      usage: Usage.optional().catch(undefined),
    }),
  }),
  z.object({
    type: z.literal("result"),
    is_error: z.boolean(),
    result: z.string().optional(),
    error: z.string().optional(),
  }),
]);

const Block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.unknown() }),
  z.object({
    type: z.literal("tool_result"),
    tool_use_id: z.string(),
    is_error: z.boolean().optional(),
  }),
]);

export type AmpResult = { is: "success"; said: string } | { is: "error"; message: string };

const maxInput = 2_000;

/** Reads one turn's stream line by line; returns the result when the line is the terminal event. */
export function ampStream(
  emit: (event: AgentEvent) => void,
): (line: string) => AmpResult | undefined {
  const tools = new Map<string, string>();
  let text = "";

  return (line) => {
    const json = jsonLine(line);
    if (json === undefined) {
      emit({ type: "diagnostic", text: line });
      return undefined;
    }
    const message = Message.safeParse(json).data;
    switch (message?.type) {
      case undefined:
        return undefined;
      case "system":
        if (message.session_id !== undefined) emit({ type: "session", id: message.session_id });
        return undefined;
      case "assistant":
      case "user":
        for (const block of message.message.content) take(message.type, block);
        if (message.message.usage !== undefined) emit(usageOf(message.message.usage));
        return undefined;
      case "result":
        if (message.is_error)
          return {
            is: "error",
            message: message.error ?? message.result ?? "an error without a message",
          };
        return { is: "success", said: message.result ?? text };
    }
  };

  function take(role: "assistant" | "user", value: unknown): void {
    const block = Block.safeParse(value).data;
    if (block?.type === "text" && role === "assistant") {
      text = block.text;
      emit({ type: "text", text });
    } else if (block?.type === "tool_use") {
      tools.set(block.id, block.name);
      emit({
        type: "tool",
        name: block.name,
        input: (JSON.stringify(block.input) ?? "").slice(0, maxInput),
      });
    } else if (block?.type === "tool_result") {
      const name = tools.get(block.tool_use_id) ?? "tool";
      tools.delete(block.tool_use_id);
      emit({ type: "tool_ended", name, ok: block.is_error !== true });
    }
  }
}

/** Each call is one message, and no message is told again when its thread is taken up. */
function usageOf(usage: z.infer<typeof Usage>): AgentEvent {
  return {
    type: "usage",
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens,
    cacheWriteTokens: usage.cache_creation_input_tokens,
    usd: null,
    source: "summed",
  };
}
