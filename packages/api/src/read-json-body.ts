import type { IncomingMessage } from "node:http";
import { ProblemError } from "./problem.ts";

/** Bodies are small: the longest prompt, escaped, and room for the rest. */
export const maxBodyBytes = 1024 * 1024;

/** A body that is too large is read on to here, so that its sender gets round to reading the answer. */
const maxDrainedBytes = 16 * maxBodyBytes;

/** The value of a JSON body. A form or a plain text, which any web page may send without asking, is none. */
export async function readJsonBody(req: IncomingMessage): Promise<unknown> {
  checkMediaType(req);
  const bytes = await readBytes(req);
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

function checkMediaType(req: IncomingMessage): void {
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

async function readBytes(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  if (Number(req.headers["content-length"] ?? 0) > maxDrainedBytes) throw tooLarge();
  // Destroying the request would take the answer along.
  const body: AsyncIterable<Buffer> = req.iterator({ destroyOnReturn: false });
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxDrainedBytes) throw tooLarge();
    if (length <= maxBodyBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (length > maxBodyBytes) throw tooLarge();
  return Buffer.concat(chunks);
}

function tooLarge(): ProblemError {
  return new ProblemError("body_too_large", `The body has more than ${maxBodyBytes} bytes.`, {
    headers: { Connection: "close" },
  });
}
