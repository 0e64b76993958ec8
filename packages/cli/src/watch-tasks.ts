import { setTimeout as sleep } from "node:timers/promises";
import type { WriteStream } from "node:tty";
import type { TaskList } from "@ampx/core";
import { type Client, isUnreachable, type TaskFilter } from "./client.ts";
import { interruption } from "./interruption.ts";
import { liveScreen } from "./live-screen.ts";
import type { Paint } from "./render/paint.ts";
import { taskTable } from "./render/task-table.ts";

export interface WatchOptions {
  withOwner: boolean;
  paint: Paint;
  json: boolean;
  out: WriteStream;
}

// Waits that grow (`for 5m`) and events of other tasks must not cost a request each.
const pauseMs = 100;
const ageMs = 10_000;
/** What a task waits for, and what is paused, changes without an event. */
const quietMs = 5_000;

/** Shows the list anew whenever a task changes: in place on a terminal, else one after the other. Ends with the signal's reason. */
export async function watchTasks(
  client: Client,
  filter: TaskFilter,
  options: WatchOptions,
): Promise<never> {
  using interrupted = interruption();
  const { signal } = interrupted;
  using screen = options.out.isTTY && !options.json ? liveScreen(options.out) : undefined;
  let list: TaskList | undefined;
  let shown = "";

  const draw = () => {
    if (list === undefined) return;
    if (screen !== undefined)
      return screen.draw(
        taskTable(list, { ...options, now: Date.now(), columns: options.out.columns }),
      );
    const json = JSON.stringify(list);
    if (json === shown) return;
    options.out.write(
      options.json
        ? `${json}\n`
        : `${shown === "" ? "" : "\n"}${taskTable(list, { ...options, now: Date.now() })}\n`,
    );
    shown = json;
  };
  const redraw = screen === undefined ? undefined : setInterval(draw, ageMs);
  options.out.on("resize", draw);
  try {
    list = await client.listTasks(filter, signal);
    draw();
    for await (const _change of changes(client, signal)) {
      list = await client.listTasks(filter, signal).catch((error: unknown) => {
        // A restart: how long it is waited for is for the events to say, and with them comes the next list.
        if (isUnreachable(error)) return list;
        throw error;
      });
      draw();
    }
    throw signal.reason;
  } finally {
    clearInterval(redraw);
    options.out.off("resize", draw);
  }
}

/** Yields after one event or many that came close together, and where none comes from time to time; an event that comes while the caller works is not lost. */
async function* changes(client: Client, signal: AbortSignal): AsyncGenerator<void> {
  let news = Promise.withResolvers<boolean>();
  let failure: Error | undefined;
  const reading = (async () => {
    for await (const _event of client.followAll(signal)) news.resolve(true);
  })()
    .catch((error: Error) => (failure = error))
    .finally(() => news.resolve(false));
  const quiet = () => sleep(quietMs, true, { ref: false });
  while (await Promise.race([news.promise, quiet()])) {
    await sleep(pauseMs);
    news = Promise.withResolvers();
    yield;
    if (failure !== undefined || signal.aborted) break;
  }
  await reading;
  if (failure !== undefined) throw failure;
}
