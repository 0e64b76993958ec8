import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { AgentEvent, TokenUsage } from "../ports.ts";

const count = z.number().nonnegative();

/** What an agent says that a session has used since its beginning. */
const Reading = z.object({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  usd: count.nullable(),
});
export type Reading = z.infer<typeof Reading>;

export const nothingUsed: Reading = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  usd: 0,
};

export interface CountedSession {
  /** A folder that outlives the worker. */
  stateDir: string;
  agent: string;
  session: string;
}

/** Remembers that nothing has been used yet of a session that begins now. */
export async function startCounting(session: CountedSession): Promise<void> {
  await keep(fileOf(session), nothingUsed);
}

/**
 * What was used since the last reading of the session. What turns have used that were ended before they could tell it is in
 * the next reading, and so is counted, once. Null: from where to count is not known, as of a session of another host. The
 * reading is on disk before this resolves, so that no crash lets it be counted twice.
 */
export async function usageSince(
  session: CountedSession,
  reading: Reading,
): Promise<TokenUsage | null> {
  const file = fileOf(session);
  const before = await lastReading(file);
  // A run that failed at once may tell nothing instead of all: what is known never becomes less.
  const now = before === null ? reading : highest(before, reading);
  await keep(file, now);
  if (before === null) return null;
  return {
    type: "usage",
    inputTokens: now.inputTokens - before.inputTokens,
    outputTokens: now.outputTokens - before.outputTokens,
    cacheReadTokens: now.cacheReadTokens - before.cacheReadTokens,
    cacheWriteTokens: now.cacheWriteTokens - before.cacheWriteTokens,
    // In whole billionths: of sums of fractions the difference would show what floating point is.
    usd:
      now.usd === null || before.usd === null
        ? null
        : (Math.round(now.usd * 1e9) - Math.round(before.usd * 1e9)) / 1e9,
    source: "reported",
  };
}

/** What cannot be remembered, on a full disk for one, is not counted: it is told, and the turn goes on. */
export async function counting(
  emit: (event: AgentEvent) => void,
  deed: () => Promise<void>,
): Promise<void> {
  try {
    await deed();
  } catch (error) {
    emit({ type: "diagnostic", text: `What was used cannot be counted: ${String(error)}` });
  }
}

function highest(a: Reading, b: Reading): Reading {
  return {
    inputTokens: Math.max(a.inputTokens, b.inputTokens),
    outputTokens: Math.max(a.outputTokens, b.outputTokens),
    cacheReadTokens: Math.max(a.cacheReadTokens, b.cacheReadTokens),
    cacheWriteTokens: Math.max(a.cacheWriteTokens, b.cacheWriteTokens),
    usd: a.usd === null || b.usd === null ? b.usd : Math.max(a.usd, b.usd),
  };
}

/** Sessions are named by their agents: a name may hold anything. */
function fileOf({ stateDir, agent, session }: CountedSession): string {
  return join(stateDir, "usage", agent, `${encodeURIComponent(session)}.json`);
}

async function lastReading(file: string): Promise<Reading | null> {
  try {
    return Reading.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    // Another host's session, or a file that was cut off: either way the beginning is not known.
    return null;
  }
}

async function keep(file: string, reading: Reading): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(reading));
  await rename(`${file}.new`, file);
}
