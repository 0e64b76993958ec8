import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Clock } from "../ports.ts";

/** One request that a stand-in got. */
export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: unknown;
}

/** What a stand-in says; a function does as it likes with the connection. */
export type Reply =
  | { status?: number; body?: unknown; headers?: Record<string, string> }
  | ((request: IncomingMessage, response: ServerResponse) => void);

export interface StandIn extends AsyncDisposable {
  url: string;
  asked: Asked[];
}

/** An HTTP server on a free port that answers each request as `reply` says; undefined is 404. `now`: its clock. */
export async function standIn(
  reply: (asked: Asked) => Reply | undefined,
  now: () => number = Date.now,
): Promise<StandIn> {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const one: Asked = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: body === "" ? undefined : JSON.parse(body),
    };
    asked.push(one);
    const said = reply(one) ?? { status: 404, body: { message: "Not Found" } };
    if (typeof said === "function") return said(request, response);
    const { status = 200, headers = {} } = said;
    response.setHeader("date", new Date(now()).toUTCString());
    const { etag } = headers;
    if (etag !== undefined && request.headers["if-none-match"] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const isText = typeof said.body === "string";
    const type = isText ? "text/html" : "application/json";
    response.writeHead(status, { "content-type": type, ...headers });
    response.end(isText ? said.body : said.body === undefined ? "" : JSON.stringify(said.body));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A clock that is moved by hand; nothing sleeps. */
export function handClock(start = Date.now()): Clock & { pass(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    awake: () => now,
    sleep: async () => {},
    pass: (ms) => void (now += ms),
  };
}
