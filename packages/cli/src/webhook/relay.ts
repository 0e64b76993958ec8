import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { send } from "./send.ts";

export interface Relay extends AsyncDisposable {
  /** Where webhooks are taken: on this machine alone, under a name that is told to gh. */
  url: string;
}

/** Signs what comes and sends it on. */
export async function startRelay({ to, secret }: { to: URL; secret: string }): Promise<Relay> {
  const path = `/${randomBytes(16).toString("hex")}`;
  const closing = new AbortController();
  const passOn = async (req: IncomingMessage): Promise<number> => {
    if (req.method !== "POST" || req.url !== path) return 404;
    const headerOf = (name: string) => String(req.headers[name] ?? "");
    const event = headerOf("x-github-event");
    const delivery = headerOf("x-github-delivery");
    return send({ to, secret, event, delivery, body: await buffer(req) }, closing.signal);
  };
  const server = createServer((req, res) => {
    passOn(req).then(
      (status) => res.writeHead(status).end(),
      // The server is away for a moment: a webhook that is lost does no harm.
      () => res.writeHead(502).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the relay has no port");
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    async [Symbol.asyncDispose]() {
      closing.abort();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
