import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { callTokens, type ModelBlock } from "./model-script.ts";
import {
  answerCall,
  listen,
  type ModelServer,
  type ModelServerOptions,
  readJson,
  records,
  send,
  sentKey,
} from "./model-server.ts";

/** A scripted model behind the Anthropic Messages API; for `ANTHROPIC_BASE_URL`. */
export async function startMockAnthropic({
  answer,
  onRequest,
  key,
}: ModelServerOptions): Promise<ModelServer> {
  const calls: ModelServer["calls"] = [];
  const server = await listen(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const body = await readJson(request);
    onRequest?.();
    if (key !== undefined && sentKey(request) !== key)
      return send(response, 401, anthropicError("authentication_error", "invalid x-api-key"));
    if (pathname !== "/v1/messages")
      return send(response, 404, anthropicError("not_found_error", pathname));
    const model = String(body["model"]);
    // A call for a title or the like has no tools.
    if (records(body["tools"]).length === 0)
      return streamAnthropic(response, model, [{ type: "text", text: "A title" }]);
    const call = {
      ...readConversation(body["messages"]),
      model,
      session: String(request.headers["x-claude-code-session-id"] ?? ""),
      folder: /working directory: (.+)$/im.exec(everyText(body))?.[1]?.trim() ?? "",
    };
    calls.push(call);
    answerCall(
      response,
      answer(call),
      (blocks) => streamAnthropic(response, model, blocks),
      anthropicError,
    );
  });
  return { ...server, calls, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

export function anthropicError(type: string, message: string): unknown {
  return { type: "error", error: { type, message } };
}

/** A prompt is a user message without tool results that is not only a reminder of the agent's own. */
export function readConversation(messages: unknown): {
  turn: number;
  step: number;
  prompt: string;
} {
  let turn = -1;
  let step = 0;
  let prompt = "";
  for (const message of records(messages)) {
    const content = Array.isArray(message["content"])
      ? records(message["content"])
      : [{ type: "text", text: message["content"] }];
    if (message["role"] === "assistant") step++;
    if (message["role"] !== "user" || content.some(({ type }) => type === "tool_result")) continue;
    const asked = content.filter(({ text }) => !String(text).startsWith("<system-reminder>"));
    if (asked.length === 0) continue;
    turn++;
    step = 0;
    prompt = textOf(asked);
  }
  return { turn: Math.max(0, turn), step, prompt };
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

/** Sends an answer as the Messages API streams it. */
export function streamAnthropic(
  response: ServerResponse,
  model: string,
  blocks: ModelBlock[],
): void {
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
