import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "@ampx/store";
import type { EventStream, Message } from "./event-stream.ts";

/** Sends what `read` finds after `position`, in order and each once, and goes on with what is written later until the stream ends. */
export async function follow(
  stream: EventStream,
  store: Store,
  position: number,
  read: (after: number) => Promise<Message[]>,
): Promise<void> {
  // Watches before it looks: a write in between ends the wait at once.
  const watch = store.watch();
  let after = position;
  while (!stream.signal.aborted) {
    const messages = await read(after);
    after = messages.at(-1)?.id ?? after;
    await stream.send(messages);
    if (messages.length > 0) continue;
    await watch.next(stream.signal);
    await pause(stream.signal);
  }
}

/** What is written within 30 ms is looked at once: a flood of log lines does not keep every reader of anything busy. */
async function pause(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await sleep(30, undefined, { signal }).catch(() => {}); // rejects only when aborted
}
