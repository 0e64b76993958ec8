import type { TurnOutcome } from "@ampx/core";
import type { ProcessEnd } from "./agent-process.ts";

/** The outcome of a turn whose process did not end by itself. */
export function outcomeOfCutOff(
  end: Exclude<ProcessEnd, { is: "exited" }>,
  said: string,
): TurnOutcome {
  switch (end.is) {
    case "cancelled":
      return { is: "cancelled" };
    case "stalled":
      return { is: "stalled", said, silentFor: end.silentFor };
    case "timed_out":
      return { is: "timed_out", said };
    case "not_started":
      return {
        is: "failed",
        kind: "spawn",
        message: `The agent's command could not be started: ${end.message}`,
      };
  }
}

/** How a process ended, in words. */
export function exitText({
  code,
  signal,
}: {
  code: number | null;
  signal: NodeJS.Signals | null;
}): string {
  if (signal !== null) return `was ended by ${signal}`;
  return code === null ? "did not end by itself" : `exited with ${code}`;
}

const maxSaid = 4_000;

/** An agent's last words, at most 4,000 characters of them. */
export function saidFrom(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= maxSaid ? trimmed : `${trimmed.slice(0, maxSaid - 1)}…`;
}

export interface Tail {
  add(line: string): void;
  /** The newest lines, at most `maxChars` of them together. */
  text(): string;
}

/** Keeps the newest lines of a long output. */
export function tailOf(maxChars: number = maxSaid): Tail {
  let lines: string[] = [];
  let chars = 0;
  const trim = () => {
    let first = 0;
    for (; first < lines.length - 1 && chars > maxChars; first++)
      chars -= (lines[first]?.length ?? 0) + 1;
    lines = lines.slice(first);
  };
  return {
    add(line) {
      const kept = line.slice(-maxChars);
      lines.push(kept);
      chars += kept.length + 1;
      if (chars > 4 * maxChars) trim();
    },
    text() {
      trim();
      return lines.join("\n").trim();
    },
  };
}
