import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { callTokens, type ModelBlock } from "./model-script.ts";
import { records } from "./model-server.ts";

/** Sends an answer as the Responses API streams it. `body` is the request: it tells which tools take free text. */
export function streamResponse(
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

/** Sends an answer as the Chat Completions API streams it. */
export function streamChat(response: ServerResponse, model: string, blocks: ModelBlock[]): void {
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
