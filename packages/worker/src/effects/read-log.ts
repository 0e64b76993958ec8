import { createReadStream } from "node:fs";
import { logReader, type LogReading } from "@ampx/core";

/** What a log on disk says: the excerpt, the failures, whose fault it is. Memory is bounded whatever its size. */
export async function readLog(
  file: string,
  { redact, signal }: { redact: (text: string) => string; signal: AbortSignal },
): Promise<LogReading> {
  const reader = logReader({ redact });
  const chunks: AsyncIterable<Uint8Array> = createReadStream(file, { signal });
  for await (const chunk of chunks) reader.push(chunk);
  return reader.end();
}
