import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Model,
  type ModelAnswer,
  type ModelBlock,
  type ModelCall,
  say,
} from "./model-script.ts";

/** A scripted model behind the HTTP interface of a provider, on loopback. */
export interface ModelServer extends AsyncDisposable {
  url: string;
  /** Every call of the agent's loop so far; calls for a title and the like are not counted. */
  calls: ModelCall[];
}

export interface ModelServerOptions {
  answer: Model;
  /** Called at every request, while the agent waits for the answer. */
  onRequest?(): void;
  /** Any other key is answered 401. By default every key is right. */
  key?: string;
}

/** A provider's HTTP interface. */
export interface Provider {
  /** Its form of an error. */
  error(type: string, message: string, status: number): unknown;
  /** How it refuses a wrong key. */
  wrongKey: unknown;
  /** The key that a request bears. */
  keyOf(headers: IncomingHttpHeaders): string | undefined;
  read(request: ModelRequest): Asked;
}

/** A request to a provider, whose key is right. */
export interface ModelRequest {
  path: string;
  /** Without its question mark. */
  query: string;
  headers: IncomingHttpHeaders;
  /** Empty when it is no JSON. */
  body: Record<string, unknown>;
}

/** What a provider is asked for. */
export type Asked =
  /** Something else than the model. */
  | { is: "other"; status: number; answer: unknown }
  /** For a title or the like: no script has a word for it. */
  | { is: "aside"; say: string; send: Send }
  | { is: "call"; call: ModelCall; send: Send };

/** Sends an answer in the provider's form. */
export type Send = (response: ServerResponse, blocks: ModelBlock[]) => void;

/** A scripted model behind a provider's interface. */
export async function serveModel(
  { answer, onRequest, key }: ModelServerOptions,
  provider: Provider,
): Promise<ModelServer> {
  const calls: ModelCall[] = [];
  const server = await listen(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    const body = await readJson(request);
    onRequest?.();
    if (key !== undefined && provider.keyOf(request.headers) !== key)
      return sendJson(response, 401, provider.wrongKey);
    const asked = provider.read({
      path: pathname,
      query: search.slice(1),
      headers: request.headers,
      body,
    });
    switch (asked.is) {
      case "other":
        return sendJson(response, asked.status, asked.answer);
      case "aside":
        return asked.send(response, say(asked.say));
      case "call":
        calls.push(asked.call);
        return answerCall(response, answer(asked.call), asked.send, provider.error);
    }
  });
  return { ...server, calls };
}

/** Listens until it is disposed of. What `respond` throws cuts the connection. */
async function listen(
  respond: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerCall(
  response: ServerResponse,
  given: ModelAnswer,
  send: Send,
  error: Provider["error"],
): void {
  if (given === "hang") return;
  if (given === "cut") {
    response.writeHead(200, { "content-type": "text/event-stream" }).write("event: cut\n");
    response.destroy();
  } else if (Array.isArray(given)) {
    send(response, given);
  } else {
    sendJson(response, given.status, error(given.type, given.message, given.status), given.headers);
  }
}

/** The key that a request bears, where most providers look for it. */
export function sentKey(headers: IncomingHttpHeaders): string | undefined {
  const header = headers["x-api-key"] ?? headers.authorization;
  return typeof header === "string" ? header.replace(/^Bearer /, "") : undefined;
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text.startsWith("{") ? record(JSON.parse(text)) : {};
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(body));
}
