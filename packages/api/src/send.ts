import type { ServerResponse } from "node:http";
import { jsonText } from "./json-text.ts";
import type { ProblemError } from "./problem.ts";

/** What every answer says: it is for the one who asked only, and it is what its type says. */
export function setSafeHeaders(res: ServerResponse): void {
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("X-Content-Type-Options", "nosniff");
}

/** Answers with JSON. */
export function sendJson(res: ServerResponse, status: number, value: unknown): void {
  send(res, status, "application/json", value);
}

/** Answers with `application/problem+json`. */
export function sendProblem(res: ServerResponse, { problem, headers }: ProblemError): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  send(res, problem.status, "application/problem+json", problem);
}

function send(res: ServerResponse, status: number, type: string, value: unknown): void {
  const body = Buffer.from(`${jsonText(value)}\n`);
  res.writeHead(status, { "Content-Type": type, "Content-Length": body.length });
  res.end(body);
}
