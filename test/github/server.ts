import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerGit, gitPath } from "./git/git-requests.ts";
import type { Fault, Faults, RequestKind } from "./http/faults.ts";
import { Refusal } from "./http/refusal.ts";
import type { LoggedRequest } from "./http/request-log.ts";
import { answerRest, type Rest } from "./http/rest.ts";
import { send } from "./http/send.ts";
import type { LogStore } from "./logs/log-store.ts";

export interface Traffic {
  readonly rest: Rest;
  readonly logs: LogStore;
  readonly faults: Faults;
  readonly requests: LoggedRequest[];
  onBug(error: unknown): void;
}

/** Answers every request, of any kind: REST, git, downloads of logs. */
export function listener({ rest, logs, faults, requests, onBug }: Traffic): RequestListener {
  const { world } = rest;

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`);
    const path = url.pathname.replace(/^\/api\/v3(?=\/|$)|^\/api(?=\/graphql$)/, "") || "/";
    const kind = kindOf(path);
    const { method = "GET" } = request;
    const logged: LoggedRequest = {
      at: world.schedule.now(),
      kind,
      method,
      path,
      query: url.search.slice(1),
      route: undefined,
      by: undefined,
      status: undefined,
      counted: false,
      faulty: false,
    };
    requests.push(logged);
    const fault = faults.hit(logged);
    logged.faulty = fault !== undefined;
    const early = fault !== undefined && fault.afterEffect !== true ? fault : undefined;
    await world.schedule.pump();

    if (early !== undefined && !("kind" in early && early.kind === "cut")) {
      request.resume();
      logged.status = send(response, { status: 500, headers: {}, body: "" }, early);
    } else if (kind === "git") {
      logged.status = await gitAnswer(request, response, url, logged, fault);
    } else if (kind === "logs") {
      const stored = logs.get(path, request.headers.authorization, world.schedule.now());
      logged.status = send(response, stored, fault);
    } else {
      const prefix = url.pathname.slice(0, url.pathname.length - path.length);
      const origin = originOf(request);
      const site = { api: `${origin}${prefix}`, html: origin };
      const { searchParams: query } = url;
      const headers = request.headers as Record<string, string>;
      const body = await bodyOf(request);
      const answered = await answerRest(rest, { method, path, query, headers, body, site }, logged);
      // What was made due by the request happens before the next one.
      await world.schedule.pump();
      logged.status = send(response, answered, fault);
    }
  };

  const gitAnswer = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    logged: LoggedRequest,
    fault: Fault | undefined,
  ) => {
    try {
      return await answerGit(world, request, response, url, logged, fault);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      request.resume();
      const headers = { "content-type": "text/plain; charset=utf-8", ...error.headers };
      return send(response, { status: error.status, headers, body: `${error.message}\n` });
    }
  };

  return (request, response) => {
    const answered = answer(request, response).catch((error: unknown) => {
      if (world.closing.aborted || request.destroyed) return;
      onBug(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
    // Nothing is taken away from under a request.
    world.background(answered);
  };
}

function kindOf(path: string): RequestKind {
  if (path.startsWith("/logs/")) return "logs";
  if (gitPath.test(path)) return "git";
  return path === "/graphql" ? "graphql" : "rest";
}

/** As the one who asks wrote it. Whoever comes by a socket file names a host of GitHub, and means HTTPS. */
function originOf({ headers }: IncomingMessage): string {
  const host = headers.host ?? "localhost";
  const isLocal = /^(?:127\.|localhost|\[::1\])/.test(host);
  return `${isLocal ? "http" : "https"}://${host}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** On loopback; port 0 is any. Returns the address. */
export async function listen(
  server: Server,
  at: { port: number } | { path: string },
): Promise<string> {
  if ("path" in at) server.listen(at.path);
  else server.listen(at.port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const address = server.address() as AddressInfo | string;
  return typeof address === "string" ? address : `http://127.0.0.1:${address.port}`;
}

export async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
