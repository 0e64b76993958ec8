import type { PauseView } from "@ampx/core";
import { age } from "./duration.ts";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** A line for each pause: what is paused, by whom, and how it ends. */
export function pauseLines(
  pauses: readonly PauseView[],
  { now, paint }: { now: number; paint: Paint },
): string[] {
  return pauses.map((pause) => `${paint("yellow", "!")} ${pauseWords(pause, now)}`);
}

function pauseWords({ repo, by, since, until_restart: untilRestart }: PauseView, now: number) {
  const what = repo === null ? "everything" : printableLine(repo);
  const end = untilRestart ? ", until the server is started again" : "";
  const resume = repo === null ? "ampx resume" : `ampx resume --repo ${printableLine(repo)}`;
  return `${what} is paused by ${printableLine(by)} for ${age(since, now)}${end} (${resume})`;
}
