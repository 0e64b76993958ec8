import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ProblemError } from "./problem.ts";

/**
 * Lets only this machine's own clients in. A web page can make the user's browser send requests here, under a name of its own
 * that it points at 127.0.0.1: the Host header gives that away, as the Origin header does a page from elsewhere.
 */
export function checkSender(req: IncomingMessage): void {
  const hosts = ownHosts(req.socket.localPort);
  if (countOf(req, "host") !== 1 || !hosts.includes(req.headers.host?.toLowerCase() ?? ""))
    throw new ProblemError(
      "foreign_host",
      "Only requests to the server's own address are answered.",
      {
        tryThis: `http://${hosts[0]}`,
      },
    );
  const { origin } = req.headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`))
    throw new ProblemError("foreign_origin", "Requests from other sites are not answered.");
}

/** Makes the check of the bearer token. Digests are compared, in a time that tells nothing of the token or its length. */
export function tokenCheck(token: string): (req: IncomingMessage) => void {
  const wanted = digest(token);
  return (req) => {
    const given = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? "")?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), wanted)) return;
    const detail =
      given === undefined
        ? "The request has no bearer token."
        : "The bearer token is not this server's.";
    throw new ProblemError("unauthorized", detail, {
      tryThis: "Authorization: Bearer <the text of the file `token` in the ampx home>",
      headers: {
        "WWW-Authenticate": given === undefined ? "Bearer" : 'Bearer error="invalid_token"',
      },
    });
  };
}

function ownHosts(port: number | undefined): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
}

/** Node keeps the first of several Host fields; another reader may keep the last. */
function countOf(req: IncomingMessage, name: string): number {
  return req.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === name).length;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
