import { setTimeout as sleep } from "node:timers/promises";
import type { TurnView } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import type { Client } from "./client.ts";
import { turnsText } from "./render/turns-text.ts";

export interface DrainOptions {
  timeoutMs: number;
  /** Told of the turns that still run, at every look. */
  onTurns(turns: TurnView[]): void;
}

const lookMs = 500;

/**
 * Waits until no turn of an agent runs, after everything was paused. Throws the signal's reason when it aborts, and a `UserError` when
 * some still run after the timeout; the pause stays.
 */
export async function drained(
  client: Pick<Client, "status">,
  { timeoutMs, onTurns }: DrainOptions,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const { turns } = await unlessAborted(client.status(signal), signal);
    if (turns.length === 0) return;
    onTurns(turns);
    const left = end - performance.now();
    if (left <= 0)
      throw new UserError(`${turnsText(turns, Date.now())}; everything stays paused`, {
        tryThis:
          "ampx drain to wait on, ampx resume to end the pause, or ampx stop: turns that are cut off cost no attempt and go on at the next start",
      });
    await unlessAborted(sleep(Math.min(lookMs, left), undefined, { signal }), signal);
  }
}

async function unlessAborted<T>(done: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await done;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
