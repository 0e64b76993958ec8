import { open, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const lookEveryMs = 250;
/** Of a longer one, the lines in its end: two of these are kept, so that no more is ever there. */
const maxRead = 10 * 1024 * 1024;

/** Hands over the newest lines of a log that is begun anew at times. Returns how far it was read. Nothing is there: no lines. */
export async function lastLines(
  file: string,
  count: number,
  onLine: (line: string) => void,
): Promise<number> {
  const now = await readFrom(file, 0);
  let lines = linesOf(now.text);
  if (lines.length < count) lines = [...linesOf((await readFrom(`${file}.1`, 0)).text), ...lines];
  if (count > 0) lines.slice(-count).forEach(onLine);
  return now.end;
}

/** Hands over each line that is written after `from`, until the signal aborts, and then throws its reason. */
export async function followFile(
  file: string,
  from: number,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let at = from; ;) {
    await sleep(lookEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    const size = (await sizeOf(file)) ?? 0;
    if (size < at) {
      // Begun anew: what came at the end of the last one is in the file beside it.
      linesOf((await readFrom(`${file}.1`, at)).text).forEach(onLine);
      at = 0;
    }
    const { text, end } = await readFrom(file, at);
    linesOf(text).forEach(onLine);
    at = end;
  }
}

/** Up to the last whole line. */
async function readFrom(file: string, from: number): Promise<{ text: string; end: number }> {
  const size = await sizeOf(file);
  if (size === null || size <= from) return { text: "", end: from };
  const start = Math.max(from, size - maxRead);
  await using handle = await open(file, "r");
  const buffer = Buffer.alloc(size - start);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
  const whole = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
  return { text: buffer.subarray(0, whole).toString(), end: start + whole };
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
