import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { standOf, type Utterance } from "./model-conversation.ts";
import { callTokens, type ModelBlock } from "./model-script.ts";
import {
  type Asked,
  type ModelRequest,
  type ModelServer,
  type ModelServerOptions,
  type Provider,
  records,
  type Send,
  sentKey,
  serveModel,
} from "./model-server.ts";

/** A scripted model behind the Anthropic Messages API; for `ANTHROPIC_BASE_URL`. */
export function startMockAnthropic(options: ModelServerOptions): Promise<ModelServer> {
  return serveModel(options, provider);
}

const provider: Provider = {
  error: anthropicError,
  wrongKey: anthropicError("authentication_error", "invalid x-api-key"),
  keyOf: sentKey,
  read,
};

function read({ path, headers, body }: ModelRequest): Asked {
  if (path !== "/v1/messages")
    return { is: "other", status: 404, answer: anthropicError("not_found_error", path) };
  const model = String(body["model"]);
  const send = sendAnthropic(model);
  // A call for a title or the like has no tools.
  if (records(body["tools"]).length === 0) return { is: "aside", say: "A title", send };
  const call = {
    ...standOf(utterancesIn(body["messages"])),
    model,
    session: String(headers["x-claude-code-session-id"] ?? ""),
    folder: /working directory: (.+)$/im.exec(everyText(body))?.[1]?.trim() ?? "",
  };
  return { is: "call", call, send };
}

export function anthropicError(type: string, message: string): unknown {
  return { type: "error", error: { type, message } };
}

/** A prompt is a user message without tool results that is not only a reminder of the agent's own. */
export function utterancesIn(messages: unknown): Utterance[] {
  return records(messages).flatMap(({ role, content }): Utterance[] => {
    if (role === "assistant") return ["answer"];
    const blocks = Array.isArray(content) ? records(content) : [{ type: "text", text: content }];
    if (role !== "user" || blocks.some(({ type }) => type === "tool_result")) return [];
    const asked = blocks.filter(({ text }) => !String(text).startsWith("<system-reminder>"));
    return asked.length === 0 ? [] : [{ prompt: textOf(asked) }];
  });
}

/** The text of a request: what the agent says of its surroundings stands in the system prompt or in a message. */
function everyText(body: Record<string, unknown>): string {
  return [body, ...records(body["messages"])]
    .flatMap(({ system, content }) => [textOf(system), textOf(content)])
    .join("\n");
}

/** The text of a list of blocks, or of what is text already. */
export function textOf(blocks: unknown): string {
  if (typeof blocks === "string") return blocks;
  return records(blocks)
    .map(({ text }) => text)
    .filter((text) => typeof text === "string")
    .join("\n");
}

/** Sends a model's answers as the Messages API streams them. */
export function sendAnthropic(model: string): Send {
  return (response, blocks) => stream(response, model, blocks);
}

function stream(response: ServerResponse, model: string, blocks: ModelBlock[]): void {
  const event = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  const id = randomUUID().replaceAll("-", "");
  const usage = {
    input_tokens: callTokens.input,
    cache_creation_input_tokens: callTokens.cacheWrite,
    cache_read_input_tokens: callTokens.cacheRead,
    output_tokens: callTokens.output,
    service_tier: "standard",
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  event("message_start", {
    message: {
      id: `msg_${id}`,
      type: "message",
      role: "assistant",
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      // What is written is not known yet.
      usage: { ...usage, output_tokens: 1 },
    },
  });
  for (const [index, block] of blocks.entries()) {
    const [start, delta] =
      block.type === "text"
        ? [
            { type: "text", text: "" },
            { type: "text_delta", text: block.text },
          ]
        : [
            { type: "tool_use", id: `toolu_${id}_${index}`, name: block.name, input: {} },
            { type: "input_json_delta", partial_json: JSON.stringify(block.input) },
          ];
    event("content_block_start", { index, content_block: start });
    event("content_block_delta", { index, delta });
    event("content_block_stop", { index });
  }
  const stop_reason = blocks.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn";
  event("message_delta", { delta: { stop_reason, stop_sequence: null }, usage });
  event("message_stop", {});
  response.end();
}
