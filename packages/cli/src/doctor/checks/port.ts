import { once } from "node:events";
import { createServer } from "node:net";
import type { Check } from "../check.ts";

const defaultPort = 8080;

/** Where the server listens, or would. A taken port is no harm: the next free one is used. */
export const port: Check = async ({ running, env }) => {
  if (running !== undefined)
    return [
      {
        name: "server",
        is: "ok",
        detail: `runs at ${running.server.url}, pid ${running.server.pid}`,
      },
    ];
  const wanted = Number(env["AMPX_PORT"] ?? defaultPort);
  const isFree = await canListen(wanted);
  const detail = isFree
    ? `not running; port ${wanted} is free`
    : `not running; port ${wanted} is taken, the next free one will be used`;
  return [{ name: "server", is: isFree ? "ok" : "note", detail, try_this: "ampx serve --detach" }];
};

async function canListen(wanted: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port: wanted, host: "127.0.0.1", exclusive: true });
    await once(server, "listening");
    server.close();
    return true;
  } catch {
    // Taken, or not allowed: both mean another one.
    return false;
  }
}
