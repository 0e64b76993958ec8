import { type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { jsonText } from "./json-text.ts";
import { ProblemError, problemOf, type ProblemKind } from "./problem.ts";
import { sendProblem, setSafeHeaders } from "./send.ts";

/** Answers what never becomes a request (not HTTP, too slow, too large a head) with a problem, too. */
export function answerBrokenRequests(server: Server): void {
  const answering = new WeakSet<Duplex>();
  server.on("request", (req: IncomingMessage, res: ServerResponse) => {
    const { socket } = req;
    answering.add(socket);
    res.once("close", () => answering.delete(socket));
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // An answer that has begun must not get another one into its middle.
    if (!socket.writable || error.code === "ECONNRESET" || answering.has(socket)) socket.destroy();
    else socket.end(rawProblem(error.code ?? ""));
  });
  server.on("checkExpectation", (_req: IncomingMessage, res: ServerResponse) => {
    setSafeHeaders(res);
    sendProblem(res, new ProblemError("expectation_failed", "Only 100-continue can be expected."));
  });
}

function rawProblem(code: string): string {
  const [kind, detail] =
    causes[code] ?? (["bad_request", "This is not HTTP as RFC 9112 has it."] as const);
  const problem = problemOf(kind, detail);
  const body = `${jsonText(problem)}\n`;
  return [
    `HTTP/1.1 ${problem.status} Refused`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}

const causes: Record<string, readonly [ProblemKind, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["request_timeout", "The request did not arrive in time."],
  HPE_HEADER_OVERFLOW: [
    "headers_too_large",
    "The request line and the header fields have more than 16 KiB.",
  ],
};
