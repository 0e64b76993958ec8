import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { redactPieces } from "@ampx/core/redact";

/** In characters: a longer line is redacted in pieces. */
const maxPiece = 1024 * 1024;

/**
 * Copies a log to where it stays, without secrets: a later run of the same commit would write over it, a person may tidy up, and a run that a
 * hook started knew fewer secrets than `redact` does.
 */
export async function keepLog(
  from: string,
  to: string,
  { redact, signal }: { redact: (text: string) => string; signal: AbortSignal },
): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const redactPiece = redactPieces(redact);
  const redacted = async function* (chunks: AsyncIterable<string>) {
    let rest = "";
    for await (const chunk of chunks) {
      const text = rest + chunk;
      const end = text.lastIndexOf("\n") + 1;
      const cut = end > 0 ? end : text.length > maxPiece ? text.length : 0;
      if (cut > 0) yield redactPiece(text.slice(0, cut));
      rest = text.slice(cut);
    }
    if (rest !== "") yield redactPiece(rest);
  };
  const source = createReadStream(from, { encoding: "utf8", highWaterMark: 256 * 1024 });
  await pipeline(source, redacted, createWriteStream(to, { mode: 0o600 }), { signal });
}
