import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Model, ModelAnswer, ModelBlock, ModelCall } from "./model-script.ts";

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

/** Listens until it is disposed of. What `respond` throws cuts the connection. */
export async function listen(
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

/** Answers a call: `stream` sends blocks in the provider's form, `error` is its form of an error. */
export function answerCall(
  response: ServerResponse,
  given: ModelAnswer,
  stream: (blocks: ModelBlock[]) => void,
  error: (type: string, message: string) => unknown,
): void {
  if (given === "hang") return;
  if (given === "cut") {
    response.writeHead(200, { "content-type": "text/event-stream" }).write("event: cut\n");
    response.destroy();
  } else if (Array.isArray(given)) {
    stream(given);
  } else {
    send(response, given.status, error(given.type, given.message), given.headers);
  }
}

export function sentKey(request: IncomingMessage): string | undefined {
  const header = request.headers["x-api-key"] ?? request.headers.authorization;
  return typeof header === "string" ? header.replace(/^Bearer /, "") : undefined;
}

export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
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

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(body));
}
