import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
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

/**
 * A scripted model behind the OpenAI API, in both of its forms: `<url>/v1/responses`, where a tool whose input is
 * `{ "input": text }` and whose definition takes free text is called so, and `<url>/v1/chat/completions`.
 */
export async function startMockOpenAi({
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
      return send(
        response,
        401,
        openAiError("invalid_request_error", "Incorrect API key provided"),
      );
    // Codex asks for a WebSocket first.
    if (request.headers.upgrade !== undefined) return send(response, 426, {});
    if (pathname.endsWith("/models"))
      return send(response, 200, { object: "list", data: [{ id: "mock-model", object: "model" }] });
    const isChat = pathname.endsWith("/chat/completions");
    if (!isChat && !pathname.endsWith("/responses"))
      return send(response, 404, openAiError("not_found", pathname));
    const model = String(body["model"]);
    const stream = (blocks: ModelBlock[]) =>
      isChat ? streamChat(response, model, blocks) : streamResponse(response, model, blocks, body);
    // A call for a title or the like has no tools.
    if (records(body["tools"]).length === 0) return stream([{ type: "text", text: "A title" }]);
    const messages = records(isChat ? body["messages"] : body["input"]);
    const call = {
      ...readConversation(messages),
      model,
      session: sessionOf(request, body),
      folder:
        /(?:<cwd>|working directory: *)([^<\n]+)/i.exec(
          JSON.stringify(messages).replaceAll("\\n", "\n"),
        )?.[1] ?? "",
    };
    calls.push(call);
    answerCall(response, answer(call), stream, openAiError);
  });
  return { ...server, calls, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

function openAiError(type: string, message: string): unknown {
  return { error: { message, type, code: type } };
}

function sessionOf(request: IncomingMessage, body: Record<string, unknown>): string {
  const header = request.headers["session_id"] ?? request.headers["session-id"];
  const known = header ?? body["prompt_cache_key"];
  return typeof known === "string" ? known : "";
}

/** What the agent puts before the person's words is framed by a tag of its own, or is no message of a user. */
const framed = /^\s*(?:<[a-z_]+[^>]*>|# AGENTS\.md)/;

function readConversation(messages: Record<string, unknown>[]): {
  turn: number;
  step: number;
  prompt: string;
} {
  let turn = -1;
  let step = 0;
  let prompt = "";
  // A model call leaves one or several items behind; those of the tools' results stand between them.
  let isAnswer = false;
  for (const message of messages) {
    const text = textOf(message["content"]);
    const wasAnswer = isAnswer;
    isAnswer =
      message["role"] === "assistant" ||
      /^(?:function|custom_tool)_call$|^reasoning$/.test(String(message["type"]));
    if (isAnswer && !wasAnswer) step++;
    if (message["role"] !== "user" || text === "" || framed.test(text)) continue;
    turn++;
    step = 0;
    prompt = text;
  }
  return { turn: Math.max(0, turn), step, prompt };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return records(content)
    .map(({ text }) => text)
    .filter((text) => typeof text === "string" && !framed.test(text))
    .join("\n");
}

/** The form of the Responses API. */
function streamResponse(
  response: ServerResponse,
  model: string,
  blocks: ModelBlock[],
  body: Record<string, unknown>,
): void {
  const custom = new Set(
    records(body["tools"])
      .filter(({ type }) => type === "custom")
      .map(({ name }) => name),
  );
  const event = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  const id = randomUUID();
  const output = blocks.map((block, index) => {
    if (block.type === "text")
      return {
        type: "message",
        id: `msg_${id}_${index}`,
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: block.text, annotations: [] }],
      };
    const call = { call_id: `call_${id}_${index}`, name: block.name, status: "completed" };
    return custom.has(block.name)
      ? {
          type: "custom_tool_call",
          id: `ctc_${id}_${index}`,
          ...call,
          input: String(block.input["input"]),
        }
      : {
          type: "function_call",
          id: `fc_${id}_${index}`,
          ...call,
          arguments: JSON.stringify(block.input),
        };
  });
  response.writeHead(200, { "content-type": "text/event-stream" });
  event("response.created", {
    response: { id: `resp_${id}`, object: "response", status: "in_progress", output: [] },
  });
  for (const [output_index, item] of output.entries()) {
    event("response.output_item.added", { output_index, item });
    event("response.output_item.done", { output_index, item });
  }
  event("response.completed", {
    response: {
      id: `resp_${id}`,
      object: "response",
      status: "completed",
      model,
      output,
      usage: {
        // Here, unlike elsewhere, the cached tokens are part of the whole.
        input_tokens: callTokens.input + callTokens.cacheRead,
        input_tokens_details: { cached_tokens: callTokens.cacheRead },
        output_tokens: callTokens.output,
        output_tokens_details: { reasoning_tokens: 7 },
        total_tokens: callTokens.input + callTokens.cacheRead + callTokens.output,
      },
    },
  });
  response.end();
}

/** The form of the Chat Completions API. */
function streamChat(response: ServerResponse, model: string, blocks: ModelBlock[]): void {
  const id = `chatcmpl-${randomUUID()}`;
  const chunk = (fields: object) =>
    response.write(
      `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created: 1, model, ...fields })}\n\n`,
    );
  const delta = (change: object, finish_reason: string | null = null) =>
    chunk({ choices: [{ index: 0, delta: change, finish_reason }] });
  response.writeHead(200, { "content-type": "text/event-stream" });
  delta({ role: "assistant", content: "" });
  let index = 0;
  for (const block of blocks) {
    if (block.type === "text") {
      delta({ content: block.text });
      continue;
    }
    const { name, input } = block;
    delta({
      tool_calls: [
        {
          index,
          id: `call_${id}_${index}`,
          type: "function",
          function: { name, arguments: JSON.stringify(input) },
        },
      ],
    });
    index++;
  }
  delta({}, index > 0 ? "tool_calls" : "stop");
  chunk({
    choices: [],
    usage: {
      prompt_tokens: callTokens.input + callTokens.cacheRead,
      completion_tokens: callTokens.output,
      total_tokens: callTokens.input + callTokens.cacheRead + callTokens.output,
      prompt_tokens_details: { cached_tokens: callTokens.cacheRead },
    },
  });
  response.end("data: [DONE]\n\n");
}
