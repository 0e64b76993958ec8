import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the scripted model answers to one call. */
export type ModelAnswer =
  | ModelBlock[]
  /** An error of the model's provider, such as `{ status: 429, type: "rate_limit_error" }`. */
  | { status: number; type: string; message: string }
  /** The connection is cut in the middle of the answer. */
  | "cut"
  /** Never answers; the call ends when the caller gives up. */
  | "hang";

export type ModelBlock =
  | { type: "text"; text: string }
  /** Amp names its tools `create_file` {path, content}, `edit_file` {path, old_str, new_str} and `Bash` {cmd, cwd}. */
  | { type: "tool_use"; name: string; input: Record<string, unknown> };

export interface ModelCall {
  /** Prompts that the conversation held before the newest one: 0 in the first turn of a thread. */
  turn: number;
  /** Model calls since the newest prompt: 0 for the first. */
  step: number;
  /** The newest prompt as the model saw it. */
  prompt: string;
  model: string;
  /** Amp's id of the conversation. */
  thread: string;
  /** Where Amp says that it works; its tools for files want absolute paths. */
  folder: string;
}

/** The Amp server and its model proxy on loopback, as far as the JavaScript generation of the Amp CLI asks for them. */
export interface MockAmpServer extends AsyncDisposable {
  /** For `AMP_URL`. */
  url: string;
  /** Every model call of the agent loop so far; calls for a title are not counted. */
  calls: ModelCall[];
}

export interface MockAmpOptions {
  answer(call: ModelCall): ModelAnswer;
  /** Called at every request, while Amp waits for the answer. */
  onRequest?(): void;
  /** Any other key is answered 401. By default every key is right. */
  key?: string;
}

/** Answers come from the conversation alone, so a killed and resumed turn meets the same model. */
export async function startMockAmp({
  answer,
  onRequest,
  key,
}: MockAmpOptions): Promise<MockAmpServer> {
  const calls: ModelCall[] = [];
  const threads = new Map<string, unknown>();
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const body = await readJson(request);
    onRequest?.();
    if (key !== undefined && sentKey(request) !== key)
      return send(response, 401, { error: "Unauthorized" });
    if (url.pathname === "/api/internal") {
      const method = typeof body["method"] === "string" ? body["method"] : url.search.slice(1);
      return send(response, 200, internal(method, record(body["params"]), threads));
    }
    if (!url.pathname.endsWith("/messages")) return send(response, 404, {});

    const conversation = read(body["messages"]);
    const model = String(body["model"]);
    // The first prompt of a thread is also sent to a small model, without tools, for a title.
    if (
      !Array.isArray(body["tools"]) ||
      body["tools"].some((tool) => record(tool)["name"] === "set_title")
    )
      return stream(response, model, [{ type: "text", text: "A title" }]);
    const call = {
      ...conversation,
      model,
      thread: String(request.headers["x-amp-thread-id"]),
      folder: /^Working directory: (.+)$/m.exec(textOf(body["system"]))?.[1] ?? "",
    };
    calls.push(call);
    const given = answer(call);
    if (given === "hang") return;
    if (given === "cut") {
      response
        .writeHead(200, { "content-type": "text/event-stream" })
        .write("event: message_start\n");
      response.destroy();
      return;
    }
    if (!Array.isArray(given)) {
      const { status, type, message } = given;
      return send(response, status, { type: "error", error: { type, message } });
    }
    stream(response, model, given);
  }

  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The answers of a fixed script: `turns[turn][step]`, the last one of each repeated. */
export function scripted(
  turns: (ModelAnswer | MockAmpOptions["answer"])[][],
): MockAmpOptions["answer"] {
  return (call) => {
    const steps = turns[Math.min(call.turn, turns.length - 1)] ?? [];
    const answer = steps[Math.min(call.step, steps.length - 1)] ?? say("Nothing to do.");
    return typeof answer === "function" ? answer(call) : answer;
  };
}

/** The model's last word. */
export function say(text: string): ModelBlock[] {
  return [{ type: "text", text }];
}

/** The model replaces a part of a file, which it names below its folder. */
export function edit(file: string, from: string, to: string): MockAmpOptions["answer"] {
  return ({ folder }) => [
    {
      type: "tool_use",
      name: "edit_file",
      input: { path: `${folder}/${file}`, old_str: from, new_str: to },
    },
  ];
}

/** The model runs a command line. */
export function run(cmd: string): ModelBlock[] {
  return [{ type: "tool_use", name: "Bash", input: { cmd } }];
}

function internal(
  method: string,
  params: Record<string, unknown>,
  threads: Map<string, unknown>,
): unknown {
  switch (method) {
    case "getUserInfo":
      return ok({
        id: "user_mock",
        email: "a@example.com",
        emailVerified: true,
        features: [],
        team: null,
        workspace: null,
        username: "mock",
      });
    case "getUserFreeTierStatus":
      return ok({ canUseAmpFree: false, isDailyGrantEnabled: false });
    case "uploadThread":
      threads.set(String(record(params["thread"])["id"]), params["thread"]);
      return ok(null);
    case "getThread": {
      const thread = threads.get(String(params["thread"]));
      return thread === undefined
        ? { ok: false, error: { code: "thread-not-found", message: "not found" } }
        : ok({ thread: { data: thread } });
    }
    case "loadPlugins":
      return ok({ plugins: [] });
    default:
      return ok({});
  }
}

function ok(result: unknown): unknown {
  return { ok: true, result };
}

/** A prompt is a user message without tool results. */
function read(messages: unknown): { turn: number; step: number; prompt: string } {
  let turn = -1;
  let step = 0;
  let prompt = "";
  for (const message of Array.isArray(messages) ? messages.map(record) : []) {
    const content = Array.isArray(message["content"])
      ? message["content"].map(record)
      : [{ type: "text", text: message["content"] }];
    if (message["role"] === "assistant") step++;
    else if (message["role"] === "user" && !content.some(({ type }) => type === "tool_result")) {
      turn++;
      step = 0;
      prompt = textOf(content);
    }
  }
  return { turn: Math.max(0, turn), step, prompt };
}

/** The text of a list of blocks. */
function textOf(blocks: unknown): string {
  return (Array.isArray(blocks) ? blocks : [])
    .map((block) => record(block)["text"])
    .filter((text) => typeof text === "string")
    .join("\n");
}

function stream(response: ServerResponse, model: string, blocks: ModelBlock[]): void {
  const event = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  const id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  const usage = {
    input_tokens: 1000,
    cache_creation_input_tokens: 10,
    cache_read_input_tokens: 500,
    output_tokens: 42,
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
      usage,
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

function sentKey(request: IncomingMessage): string | undefined {
  const header = request.headers["x-api-key"] ?? request.headers.authorization;
  return typeof header === "string" ? header.replace(/^Bearer /, "") : undefined;
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text.startsWith("{") ? record(JSON.parse(text)) : {};
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
