import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { IdempotencyKey } from "@ampx/store";
import { ProblemError } from "./problem.ts";

/** The key under which a request is done once however often it is sent, with the digest that tells it from another request. */
export function idempotencyKey(
  req: IncomingMessage,
  body: Record<string, unknown>,
): IdempotencyKey | undefined {
  const text = req.headers["idempotency-key"];
  if (text === undefined) return undefined;
  // The draft wants a quoted string; many clients send the bare key.
  const key =
    /^(?:"([\u0021\u0023-\u005b\u005d-\u007e]{1,255})"|([\u0021\u0023-\u005b\u005d-\u007e]{1,255}))$/.exec(
      String(text),
    );
  const name = key?.[1] ?? key?.[2];
  if (name === undefined)
    throw new ProblemError(
      "bad_request",
      "The Idempotency-Key header must have 1 to 255 visible characters, such as a UUID.",
    );
  const sorted = Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { key: name, digest: createHash("sha256").update(JSON.stringify(sorted)).digest("hex") };
}
