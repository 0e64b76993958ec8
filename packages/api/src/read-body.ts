import type { IncomingMessage } from "node:http";
import { ProblemError } from "./problem.ts";

/** The bytes of a body of up to `max`. One that is too large is read on to `drained`, so that its sender gets round to reading the answer. */
export async function readBody(
  req: IncomingMessage,
  { max, drained }: { max: number; drained: number },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  if (Number(req.headers["content-length"] ?? 0) > drained) throw tooLarge(max);
  // Destroying the request would take the answer along.
  const body: AsyncIterable<Buffer> = req.iterator({ destroyOnReturn: false });
  for await (const chunk of body) {
    length += chunk.length;
    if (length > drained) throw tooLarge(max);
    if (length <= max) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (length > max) throw tooLarge(max);
  return Buffer.concat(chunks);
}

function tooLarge(max: number): ProblemError {
  return new ProblemError("body_too_large", `The body has more than ${max} bytes.`, {
    headers: { Connection: "close" },
  });
}
