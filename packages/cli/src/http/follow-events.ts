import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "@ampx/core/user-error";
import { type ApiAddress, apiStream } from "./api-request.ts";
import { type ServerSentEvent, serverSentEvents } from "./server-sent-events.ts";

// The API sends a heartbeat every 15 s; a connection that is silent for three of them is dead.
const silenceMs = 45_000;
const givesUpMs = 30_000;

/**
 * Server-sent events without end, over as many connections as it takes; each goes on after the newest event seen. Yields
 * `undefined` at the start of each connection. Looks up the address anew, because a restarted API may have another port.
 * Ends when the signal aborts; throws what the API refuses, and when it cannot be reached for 30 s.
 */
export async function* followEvents(
  address: () => Promise<ApiAddress>,
  path: () => string,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent | undefined> {
  let lastId = "";
  let failures = 0;
  let reachableAt = performance.now();
  while (!signal.aborted) {
    try {
      const headers = lastId === "" ? {} : { "last-event-id": lastId };
      const body = await apiStream(await address(), { path: path(), headers, signal }, silenceMs);
      failures = 0;
      yield undefined;
      for await (const event of serverSentEvents(body)) {
        if (event.id !== "") lastId = event.id;
        if (event.data !== "") yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof UserError && error.kind !== "unreachable") throw error;
      if (failures > 0 && performance.now() - reachableAt > givesUpMs) throw error;
    }
    if (failures === 0) reachableAt = performance.now();
    await pause(Math.min(100 * 2 ** failures++, 2_000), signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    // The signal aborted: the caller sees it.
  }
}
