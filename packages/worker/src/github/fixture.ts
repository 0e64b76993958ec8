import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
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
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one: Asked = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: body === "" ? undefined : JSON.parse(body),
      };
      asked.push(one);
      const answer = reply(one) ?? { status: 404, body: { message: "Not Found" } };
      if (typeof answer === "function") return answer(request, response);
      const { status = 200, body: said, headers = {} } = answer;
      response.setHeader("date", new Date(now()).toUTCString());
      const etag = headers["etag"];
      if (etag !== undefined && request.headers["if-none-match"] === etag)
        return void response.writeHead(304, headers).end();
      const isText = typeof said === "string";
      response.writeHead(status, {
        "content-type": isText ? "text/html" : "application/json",
        ...headers,
      });
      response.end(isText ? said : said === undefined ? "" : JSON.stringify(said));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
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
