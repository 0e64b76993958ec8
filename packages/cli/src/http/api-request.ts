import type { Problem } from "@ampx/core";
import { UserError, type UserErrorKind } from "@ampx/core/user-error";
import { type Answer, exchange } from "./exchange.ts";
import { trustedJson } from "./trusted-json.ts";

/** Where the API is and how to be let in. */
export interface ApiAddress {
  url: string;
  token: string;
}

export interface ApiRequest {
  method?: "GET" | "POST" | "PATCH";
  /** With its query. */
  path: string;
  body?: object;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A JSON answer of the API, null for one without content. Throws a `UserError` for a problem that the API tells, and when it does not answer. */
export async function apiRequest<T>(address: ApiAddress, request: ApiRequest): Promise<T> {
  const answer = await send(address, request, 60_000, "application/json");
  const text = await reaching(address, () => wholeText(answer), request.signal);
  if (answer.status >= 400) throw problemError(text, answer.status, address);
  return trustedJson<T>(text === "" ? "null" : text);
}

/** The body of an endless answer. Throws as `apiRequest` does, and whatever the connection throws while it is read. */
export async function apiStream(
  address: ApiAddress,
  request: ApiRequest,
  idleMs: number,
): Promise<AsyncIterable<Buffer>> {
  const answer = await send(address, request, idleMs, "text/event-stream");
  if (answer.status < 400) return answer.body;
  throw problemError(
    await reaching(address, () => wholeText(answer), request.signal),
    answer.status,
    address,
  );
}

function send(
  address: ApiAddress,
  { method = "GET", path, body, headers, signal }: ApiRequest,
  idleMs: number,
  accept: string,
): Promise<Answer> {
  return reaching(
    address,
    () =>
      exchange({
        method,
        url: new URL(path, address.url),
        headers: {
          accept,
          authorization: `Bearer ${address.token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        idleMs,
        ...(signal && { signal }),
      }),
    signal,
  );
}

async function reaching<T>(
  address: ApiAddress,
  attempt: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`The ampx server at ${address.url} does not answer: ${reason}`, {
      kind: "unreachable",
      tryThis: "ampx status, and ampx stop && ampx serve --detach if it stays so",
      cause,
    });
  }
}

async function wholeText(answer: Answer): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer.body) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

function problemError(text: string, status: number, address: ApiAddress): UserError {
  const problem = parseProblem(text);
  if (problem === undefined)
    return new UserError(`The ampx server at ${address.url} answered ${status}`, {
      kind: kindOf(status, ""),
    });
  const fields = (problem.errors ?? []).map(({ field, message }) => `${field}: ${message}`);
  const isTold = problem.errors?.every(({ message }) => problem.detail.includes(message));
  const message =
    fields.length > 0 && isTold !== true
      ? `${problem.detail} (${fields.join("; ")})`
      : problem.detail;
  return new UserError(message, {
    kind: kindOf(status, problem.type),
    fields: problem.errors ?? [],
    ...(problem.try_this !== undefined && { tryThis: problem.try_this }),
  });
}

function parseProblem(
  text: string,
): Pick<Problem, "type" | "detail" | "try_this" | "errors"> | undefined {
  try {
    return trustedJson<Problem>(text);
  } catch {
    // Not of our API: the status has to do.
    return undefined;
  }
}

function kindOf(status: number, type: string): UserErrorKind {
  // It is the command line that has to change, not the task.
  if (type.endsWith(":ambiguous-id")) return "invalid";
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 404) return "not_found";
  if (status === 409) return "conflict";
  if (status === 503) return "unreachable";
  return status < 500 ? "invalid" : "failed";
}
