import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type Millis, UserError } from "@ampx/core";
import type { ApiDeps } from "./api-deps.ts";
import { answerBrokenRequests } from "./broken-requests.ts";
import { createApi } from "./create-api.ts";

export interface RunningApi extends AsyncDisposable {
  url: string;
  port: number;
  /** Ends streams and idle connections at once, gives running requests 2 s, and resolves when the port is free. */
  close(): Promise<void>;
}

const host = "127.0.0.1";

/** Serves the API on loopback, on `port` or the next free one of the 50 after it (0: any). Throws a `UserError` when none is free. */
export async function startApi(deps: ApiDeps, port: number): Promise<RunningApi> {
  const closing = new AbortController();
  const server = createServer(limits(deps.patienceMs ?? 10_000), createApi(deps, closing.signal));
  server.maxConnections = 512;
  answerBrokenRequests(server);
  const bound = await listen(server, port);
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= end(server, closing));
  return { url: `http://${host}:${bound}`, port: bound, close, [Symbol.asyncDispose]: close };
}

/** Who sends slowly is cut off, so that he holds no connection for long. Answers may take as long as they like. */
function limits(patienceMs: Millis) {
  return {
    headersTimeout: patienceMs,
    requestTimeout: 3 * patienceMs,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: Math.min(1_000, patienceMs),
    // A missing Host is answered like a wrong one.
    requireHostHeader: false,
  };
}

async function listen(server: Server, wanted: number): Promise<number> {
  const last = wanted === 0 ? 0 : Math.min(wanted + 50, 65_535);
  for (let port = wanted; port <= last; port++) {
    if (await tryPort(server, port)) {
      const address = server.address();
      if (address === null || typeof address === "string")
        throw new Error("the server listens on no port");
      return address.port;
    }
  }
  throw new UserError(`No free port from ${wanted} to ${last} on ${host}`, {
    tryThis: "another one with --port",
  });
}

async function tryPort(server: Server, port: number): Promise<boolean> {
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, "listening");
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE" || code === "EACCES") return false;
    throw error;
  }
}

async function end(server: Server, closing: AbortController): Promise<void> {
  const closed = once(server, "close");
  server.close();
  closing.abort();
  // Connections that were busy when the server closed are idle once their answer is out.
  const tidy = setInterval(() => server.closeIdleConnections(), 20);
  const impatient = setTimeout(() => server.closeAllConnections(), 2_000);
  await closed;
  clearInterval(tidy);
  clearTimeout(impatient);
}
