import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { invalidField, ProblemError } from "./problem.ts";
import { readJsonBody } from "./read-json-body.ts";

/** The body, or a refusal that names each field that is wrong, and never quotes what it held. */
export async function parseBody<T>(
  req: IncomingMessage,
  schema: z.ZodType<T>,
  maxBytes?: number,
): Promise<T> {
  return parse(schema, await readJsonBody(req, maxBytes));
}

/** The query, or a refusal that names each parameter that is wrong. */
export function parseQuery<T>(req: IncomingMessage, schema: z.ZodType<T>): T {
  const start = req.url?.indexOf("?") ?? -1;
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(start < 0 ? "" : req.url?.slice(start + 1))) {
    if (values.has(name)) throw invalidField(shown(name), "is given twice");
    values.set(name, value);
  }
  return parse(schema, Object.fromEntries(values));
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const errors = error.issues.flatMap((issue) => errorsOf(issue, value)).slice(0, 20);
  throw new ProblemError(
    "invalid",
    errors.map(({ field, message }) => `${field}: ${message}`).join("; "),
    { errors },
  );
}

function errorsOf(issue: z.core.$ZodIssue, input: unknown): { field: string; message: string }[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ field: shown(key), message: "is not known" }));
  // Of a list within one parameter it is the parameter that is named.
  const field = issue.path.length === 0 ? "body" : String(issue.path[0]);
  return [{ field, message: messageOf(issue, input) }];
}

function messageOf(issue: z.core.$ZodIssue, input: unknown): string {
  if (
    issue.code === "invalid_type" &&
    issue.path.length > 0 &&
    isMissing(input, String(issue.path[0]))
  )
    return "is missing";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${nouns[issue.expected] ?? issue.expected}`;
    case "too_small": {
      if (issue.origin === "string") return "must not be empty";
      return `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    }
    case "too_big":
      return `must be at most ${issue.maximum}${issue.origin === "string" ? " characters" : ""}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return "options" in issue
        ? `must be one of ${issue.options?.map(String).join(", ")}`
        : "has no accepted form";
    case "invalid_format":
      return issue.format === "datetime"
        ? "must be a time like 2026-01-31T18:00:00Z"
        : issue.message;
    case "custom":
      return issue.message;
    case "not_multiple_of":
    case "unrecognized_keys":
    case "invalid_key":
    case "invalid_element":
      return "is not accepted";
  }
}

function isMissing(input: unknown, key: string): boolean {
  return typeof input === "object" && input !== null && !Object.hasOwn(input, key);
}

/** A name that the client made up, short enough to be told back. */
function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}

const nouns: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  object: "an object",
};
