import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Instant } from "@ampx/core";
import { z } from "zod";
import { CodexTokens, readingOf } from "./codex-tokens.ts";
import type { Reading } from "./cumulative-usage.ts";
import { jsonLine } from "./json-line.ts";

/** What the file in which Codex keeps a thread tells of it. */
export interface CodexThreadFile {
  /** Reads what was added since the last look. Never throws: a file that is missing or of another form tells nothing. */
  look(): Promise<void>;
  /** What the thread has used since its beginning, by its newest model call. Null: not told. */
  used(): Reading | null;
  /** When the limit that is used up ends, if one is. */
  resetAt(): Instant | null;
}

/** Codex adds a line after each model call, which its own output tells only at the turn's end. `home`: its folder. */
export function codexThreadFile(home: string, thread: string): CodexThreadFile {
  let path: string | undefined;
  let offset = 0;
  /** A line that is not whole yet. */
  let begun = "";
  let used: Reading | null = null;
  let resetAt: Instant | null = null;

  return { look, used: () => used, resetAt: () => resetAt };

  async function look(): Promise<void> {
    try {
      path ??= await find(home, thread);
      if (path !== undefined) await readOn(path);
    } catch {
      // Not there yet, moved away, or not for us: then the usage is told at the turn's end, as ever.
    }
  }

  async function readOn(file: string): Promise<void> {
    if (offset === 0) offset = Math.max(0, (await stat(file)).size - newest);
    // The numbers are plain ASCII: a character of the rest may be torn.
    for await (const chunk of createReadStream(file, { start: offset, encoding: "latin1" })) {
      const text = String(chunk);
      offset += text.length;
      const lines = (begun + text).split("\n");
      begun = lines.pop() ?? "";
      for (const line of lines) take(line);
      // No such line is of interest; nor will be the rest of it, which then has no beginning.
      if (begun.length > maxLine) begun = begun.slice(0, 1);
    }
  }

  function take(line: string): void {
    if (!line.includes('"token_')) return;
    const record = Line.safeParse(jsonLine(line)).data;
    if (record === undefined) return;
    const { payload } = record;
    if ("thread_token_usage" in payload) used = readingOf(payload.thread_token_usage);
    else {
      if (payload.info) used = readingOf(payload.info.total_token_usage);
      resetAt = endOf(payload.rate_limits);
    }
  }
}

/** More of an old thread's file is not read: only its newest line counts. */
const newest = 4 * 1024 * 1024;
const maxLine = 64 * 1024;

const Window = z.object({ used_percent: z.number(), resets_at: z.number() }).nullish().catch(null);
const Limits = z.object({ primary: Window, secondary: Window }).nullish().catch(null);
const Line = z.object({
  payload: z.union([
    z.object({ thread_token_usage: CodexTokens }),
    z.object({
      type: z.literal("token_count"),
      info: z.object({ total_token_usage: CodexTokens }).nullish(),
      rate_limits: Limits,
    }),
  ]),
});

/** In seconds there. */
function endOf(limits: z.infer<typeof Limits>): Instant | null {
  const reached = [limits?.primary, limits?.secondary].filter(
    (one) => (one?.used_percent ?? 0) >= 100,
  );
  const ends = reached.flatMap((one) => (one ? [one.resets_at * 1_000] : []));
  return ends.length === 0 ? null : Math.max(...ends);
}

/** In a folder of the day on which the thread began, where Codex was: a day of UTC, or one beside it. */
async function find(home: string, thread: string): Promise<string | undefined> {
  const began = beginningOf(thread);
  for (const days of [0, 1, -1]) {
    const [date = ""] = new Date(began + days * 86_400_000).toISOString().split("T");
    const folder = join(home, "sessions", ...date.split("-"));
    // A folder that is not there holds nothing.
    const names = await readdir(folder).catch(() => []);
    const name = names.find((one) => one.endsWith(`-${thread}.jsonl`));
    if (name !== undefined) return join(folder, name);
  }
  return undefined;
}

/** A thread's id begins with the milliseconds of its birth. */
function beginningOf(thread: string): Instant {
  return Number.parseInt(thread.replaceAll("-", "").slice(0, 12), 16);
}
