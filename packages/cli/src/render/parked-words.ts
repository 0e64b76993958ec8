import type { ServerStatus } from "@ampx/core";
import { localTime } from "./local-time.ts";
import { printableLine } from "./printable.ts";

/** Until when no task calls an agent, and why. `now` in epoch milliseconds. */
export function parkedWords(
  { kind, message, until }: ServerStatus["parked"][number],
  now: number,
): string {
  const at = localTime(until, now);
  const why = printableLine(message);
  // A login does not mend itself.
  if (kind === "auth") return `until you sign in: ${why} (tried again at ${at})`;
  return `until ${at}: ${kindWords.get(kind) ?? printableLine(kind)}: ${why}`;
}

const kindWords = new Map([
  ["rate_limit", "its provider's limit"],
  ["overloaded", "its provider is overloaded"],
]);
