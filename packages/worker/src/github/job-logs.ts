import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { TransientError } from "@ampx/core";
import { Annotations } from "./answers/index.ts";
import type { Call, GitHubClient } from "./client.ts";
import { readable } from "./reads.ts";

/** A log beyond this size keeps its beginning and its end. */
const maxBytes = 64 * 1024 * 1024;
/** The end is held in memory until it is known to be the end, by each of the tasks that read one. */
const tailBytes = 4 * 1024 * 1024;
const timeoutMs = 5 * 60_000;

/** Writes a job's log to a file. False: GitHub has none (any more). The address it gives is good for a minute, and must not see the token. */
export async function downloadJobLog(
  client: Pick<GitHubClient, "locate">,
  path: string,
  file: string,
  call: Call,
): Promise<boolean> {
  const located = await client.locate(path, call);
  if (located.is === "gone") return false;
  const { host } = new URL(located.url);
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(located.url, { signal, headers: { "user-agent": "ampx" } });
    if (response.status === 404 || response.status === 410) return false;
    // 403: the address has expired; the next look gets a new one.
    if (response.status !== 200 || response.body === null)
      throw new TransientError(`the log at ${host} could not be had: ${response.status}`);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const chunks: AsyncIterable<Uint8Array> = response.body;
    await pipeline(chunks, capped, createWriteStream(file, { mode: 0o600 }));
    return true;
  } catch (cause) {
    call.signal.throwIfAborted();
    if (cause instanceof TransientError) throw cause;
    throw new TransientError(`the log at ${host} could not be read`, { cause });
  }
}

/** The beginning and the end of what is too long: where it began, and where it broke. */
async function* capped(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const headBytes = maxBytes - tailBytes;
  let given = 0;
  let kept = 0;
  let left = 0;
  const tail: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const head = chunk.subarray(0, Math.max(0, headBytes - given));
    given += head.length;
    if (head.length > 0) yield head;
    const rest = chunk.subarray(head.length);
    if (rest.length === 0) continue;
    tail.push(rest);
    kept += rest.length;
    while (kept - (tail[0]?.length ?? 0) >= tailBytes) {
      const gone = tail.shift()?.length ?? 0;
      kept -= gone;
      left += gone;
    }
  }
  if (left > 0) yield Buffer.from(`\n[ampx: ${left} bytes are left out here]\n`);
  yield* tail;
}

/** Writes what GitHub has noted about a check where it has no log: the places that its tools complained about. */
export async function writeAnnotations(
  client: GitHubClient,
  check: { root: string; id: number; heading: string[] },
  file: string,
  call: Call,
): Promise<void> {
  const path = `${check.root}/check-runs/${check.id}/annotations?per_page=100`;
  const pages = await readable(() => client.pages(path, Annotations, call));
  const lines = (pages ?? []).flat().map((one) => {
    const place =
      one.path === null || one.path === undefined ? "" : `${one.path}:${one.start_line ?? 1}: `;
    const level = one.annotation_level === "failure" ? "error" : (one.annotation_level ?? "notice");
    const text = [one.title, one.message]
      .filter((part) => typeof part === "string" && part !== "")
      .join(": ");
    return `${place}${level}: ${text}`;
  });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${[...check.heading, ...lines].join("\n")}\n`, { mode: 0o600 });
}
