import type { Instant } from "@ampx/core";
import type { AgentEvent } from "../ports.ts";
import { codexThreadFile } from "./codex-thread-file.ts";
import {
  type CountedSession,
  counting,
  type Reading,
  startCounting,
  usageSince,
} from "./cumulative-usage.ts";

/** How often the file of a thread is looked at while nothing happens. */
const lookMs = 2_000;

export interface CodexMeterOptions {
  /** Codex's folder. */
  home: string;
  stateDir: string;
  /** The thread that the turn takes up; null: a new one. */
  session: string | null;
  emit: (event: AgentEvent) => void;
}

export interface CodexMeter extends Disposable {
  /** Before anything happens: what is in the file of a thread that is taken up is not of this turn. */
  open(): Promise<void>;
  /** The thread is named. */
  begin(thread: string): void;
  /** Something has happened in the thread. */
  look(): void;
  /** The last look. `reading`: what the turn's end has told. */
  end(reading: Reading | null): Promise<void>;
  /** When the limit that is used up ends, if one is. */
  resetAt(): Instant | null;
}

/** Tells what a turn uses, while it runs: Codex's output tells it at the end only, the thread's file after each model call. Each token once. */
export function codexMeter({ home, stateDir, session, emit }: CodexMeterOptions): CodexMeter {
  let counted: CountedSession | undefined;
  let file: ReturnType<typeof codexThreadFile> | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** One after the other: two would count the same. */
  let work = Promise.resolve();
  let isLooking = false;

  return {
    async open() {
      if (session !== null) follow(session);
      then(() => takeFile({ isFirst: true }));
      await work;
    },
    begin(thread) {
      if (thread === counted?.session) return;
      const begun = follow(thread);
      // A thread begins with the first turn that names it.
      then(() => startCounting(begun));
    },
    look,
    async end(reading) {
      clearInterval(timer);
      then(takeFile);
      if (reading !== null) then(() => take(reading));
      await work;
    },
    resetAt: () => file?.resetAt() ?? null,
    [Symbol.dispose]: () => clearInterval(timer),
  };

  function follow(thread: string): CountedSession {
    counted = { stateDir, agent: "codex", session: thread };
    file = codexThreadFile(home, thread);
    timer ??= setInterval(look, lookMs);
    return counted;
  }

  function look(): void {
    if (isLooking || counted === undefined) return;
    isLooking = true;
    then(async () => {
      isLooking = false;
      await takeFile();
    });
  }

  function then(deed: () => Promise<void>): void {
    work = work.then(() => counting(emit, deed));
  }

  async function takeFile(options?: { isFirst: boolean }): Promise<void> {
    await file?.look();
    const reading = file?.used() ?? null;
    if (reading !== null) await take(reading, options);
  }

  async function take(reading: Reading, { isFirst = false } = {}): Promise<void> {
    if (counted === undefined) return;
    const usage = await usageSince(counted, reading);
    if (usage === null) {
      if (!isFirst)
        emit({
          type: "diagnostic",
          text: "What this turn has used is not known: its session began elsewhere",
        });
    } else if (allOf(usage) > 0) emit(usage);
  }
}

function allOf(usage: Omit<Reading, "usd">): number {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
}
