import { TransientError, UserError, type UserErrorKind } from "@ampx/core";
import { plainText } from "../git/plain-text.ts";
import type { Answer } from "./exchange.ts";

/** GitHub understood and said no. */
export class GitHubRefusal extends UserError {
  readonly status: number;
  /** What GitHub says, in its own words. */
  readonly said: string;

  constructor(
    message: string,
    {
      status,
      said,
      kind,
      tryThis,
    }: { status: number; said: string; kind: UserErrorKind; tryThis?: string },
  ) {
    super(message, { kind, ...(tryThis !== undefined && { tryThis }) });
    this.status = status;
    this.said = said;
  }
}

/** What an answer that is no success means for whoever asked: wait and try again, or a person must act. Limits are looked at before. */
export function refusalOf(answer: Answer, what: string): Error {
  const { status, headers } = answer;
  const said = saidBy(answer.body);
  const words = said === "" ? "" : `: ${said}`;
  const refusal = (kind: UserErrorKind, message: string, tryThis?: string) =>
    new GitHubRefusal(message, { status, said, kind, ...(tryThis !== undefined && { tryThis }) });
  if (status >= 500 || status === 408 || status === 429)
    return new TransientError(`GitHub answers ${what} with ${status}${words}`);
  if (status === 401)
    return refusal(
      "unauthorized",
      `GitHub does not know the token (any more)${words}`,
      "a new token for the worker, then ampx continue; ampx doctor says which one it uses",
    );
  if (status === 403 && /suspended/i.test(said))
    return refusal(
      "unauthorized",
      `The GitHub App is suspended${words}`,
      "unsuspend it in the settings of whoever installed it, then ampx continue",
    );
  if (status === 403 && /archived/i.test(said))
    return refusal(
      "conflict",
      `The repository is archived on GitHub${words}`,
      "unarchive it, then ampx continue",
    );
  if (status === 403)
    return refusal(
      "unauthorized",
      `GitHub does not let the token do this (${what})${words}${needed(headers)}`,
      "ampx doctor",
    );
  if (status === 404 || status === 410)
    return refusal(
      "not_found",
      `GitHub shows no ${named(what)}: it is not there, or not for this token`,
      "check the name; ampx doctor says whose token it is, and what it may see; then ampx continue",
    );
  return refusal("failed", `GitHub refuses ${what} (${status})${words}`);
}

/** The message of an error and of its details, in one line. */
export function saidBy(body: unknown): string {
  if (!isRecord(body)) return "";
  const { message, errors } = body;
  const details = Array.isArray(errors)
    ? errors.map((one: unknown) => {
        if (typeof one === "string") return one;
        if (!isRecord(one)) return "";
        return typeof one["message"] === "string"
          ? one["message"]
          : [one["field"], one["code"]].filter(Boolean).join(" ");
      })
    : [];
  const text = [typeof message === "string" ? message : "", ...details]
    .filter((part) => part !== "")
    .join("; ");
  return plainText(text, 500).replaceAll(/\s+/g, " ");
}

/** The repository rather than what was asked of it. */
function named(what: string): string {
  const [, repository, rest] = /^\w+ \/repos\/([^/]+\/[^/?]+)(\S*)$/.exec(what) ?? [];
  if (repository === undefined) return what.replace(/^\w+ /, "");
  return rest === "" || rest === undefined ? repository : `${repository} (${rest.slice(1)})`;
}

/** What GitHub itself says would be needed. */
function needed(headers: Headers): string {
  const permissions = headers.get("x-accepted-github-permissions");
  if (permissions !== null && permissions !== "")
    return ` (it needs ${permissions.replaceAll(";", " or ")})`;
  const scopes = headers.get("x-accepted-oauth-scopes");
  return scopes === null || scopes === "" ? "" : ` (it needs the scope ${scopes})`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
