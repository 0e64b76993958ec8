import { type Problem, TransientError, UserError, type UserErrorKind } from "@ampx/core";

/** Every way in which the API says no: RFC 9457 `type` (as a URN), status and title. */
const kinds = {
  bad_request: [400, "The request is malformed"],
  malformed_json: [400, "The body is not JSON"],
  unauthorized: [401, "A valid token is needed"],
  bad_signature: [401, "A valid signature is needed"],
  foreign_host: [403, "The Host header is not this server's"],
  foreign_origin: [403, "The Origin header is not this server's"],
  not_found: [404, "Not found"],
  webhooks_off: [404, "Webhooks are not taken"],
  method_not_allowed: [405, "The route has no such method"],
  not_acceptable: [406, "The route answers in another media type"],
  request_timeout: [408, "The request took too long to arrive"],
  conflict: [409, "The task's state does not allow it"],
  ambiguous_id: [409, "The id fits several tasks"],
  body_too_large: [413, "The body is too large"],
  unsupported_media_type: [415, "The body must be JSON"],
  expectation_failed: [417, "The Expect header cannot be met"],
  invalid: [422, "The request is not valid"],
  secret: [422, "The request holds a secret"],
  key_reused: [422, "The idempotency key belongs to another request"],
  headers_too_large: [431, "The header fields are too large"],
  internal: [500, "Something went wrong in the server"],
  failed: [500, "The request failed"],
  unavailable: [503, "Not possible right now"],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemKind = keyof typeof kinds;

interface Extras {
  tryThis?: string;
  errors?: { field: string; message: string }[];
  /** Header fields of the answer, such as `Allow`. */
  headers?: Record<string, string>;
}

/** Thrown to answer with a problem; anything else that is thrown is mapped by {@link asProblem}. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  readonly headers: Record<string, string>;

  constructor(kind: ProblemKind, detail: string, extras: Extras = {}) {
    super(detail);
    this.problem = problemOf(kind, detail, extras);
    this.headers = extras.headers ?? {};
  }
}

/** The body of a problem. */
export function problemOf(kind: ProblemKind, detail: string, extras: Extras = {}): Problem {
  const [status, title] = kinds[kind];
  return {
    type: `urn:ampx:problem:${kind.replaceAll("_", "-")}`,
    title,
    status,
    detail,
    ...(extras.tryThis === undefined ? {} : { try_this: extras.tryThis }),
    ...(extras.errors === undefined ? {} : { errors: extras.errors }),
  };
}

/** What a client is told of whatever was thrown. Of a bug it learns nothing but that there is one. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof UserError) {
    const { tryThis } = error;
    return new ProblemError(
      userErrors[error.kind],
      error.message,
      tryThis === undefined ? {} : { tryThis },
    );
  }
  if (error instanceof TransientError)
    return new ProblemError("unavailable", error.message, {
      tryThis: "the same request again in a few seconds",
      headers: { "Retry-After": "5" },
    });
  if (error instanceof URIError || statusOf(error) === 400)
    return new ProblemError("bad_request", "The path holds a malformed percent escape.");
  return new ProblemError("internal", "A bug: the server's log tells more.", {
    tryThis: "ampx status",
  });
}

/** A refusal that names one field. */
export function invalidField(field: string, message: string, tryThis?: string): ProblemError {
  const extras = { errors: [{ field, message }], ...(tryThis === undefined ? {} : { tryThis }) };
  return new ProblemError("invalid", `${field}: ${message}`, extras);
}

const userErrors: Record<UserErrorKind, ProblemKind> = {
  failed: "failed",
  invalid: "invalid",
  not_found: "not_found",
  conflict: "conflict",
  unreachable: "unavailable",
  unauthorized: "unauthorized",
};

/** The router's own errors carry their status. */
function statusOf(error: unknown): unknown {
  return error instanceof Error && "status" in error ? error.status : undefined;
}
