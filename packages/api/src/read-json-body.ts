import type { IncomingMessage } from "node:http";
import { ProblemError } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** Bodies are small: the longest prompt, escaped, and room for the rest. */
const maxBodyBytes = 1024 * 1024;

/** The value of a JSON body of at most so many bytes. A form or a plain text, which any web page may send without asking, is none. */
export async function readJsonBody(
  req: IncomingMessage,
  maxBytes = maxBodyBytes,
): Promise<unknown> {
  checkJson(req);
  return parseJson(await readBody(req, { max: maxBytes, drained: 16 * maxBytes }));
}

/** The value of a body's bytes. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // The parser's message quotes the body, which may hold a secret.
    throw new ProblemError(
      "malformed_json",
      bytes.length === 0 ? "The body is empty." : "The body is not JSON in UTF-8.",
    );
  }
}

/** Refuses what is announced as anything but JSON. */
export function checkJson(req: IncomingMessage): void {
  const [type = "", ...parameters] = (req.headers["content-type"] ?? "")
    .split(";")
    .map((part) => part.trim().toLowerCase());
  const utf8 = parameters.every((text) => /^charset="?utf-8"?$/.test(text));
  if (type !== "application/json" || !utf8)
    throw new ProblemError("unsupported_media_type", "The body must be JSON in UTF-8.", {
      tryThis: "Content-Type: application/json",
      headers: { "Accept-Post": "application/json" },
    });
  if ((req.headers["content-encoding"] ?? "identity") !== "identity")
    throw new ProblemError("unsupported_media_type", "The body must not be compressed.", {
      headers: { "Accept-Encoding": "identity" },
    });
}
