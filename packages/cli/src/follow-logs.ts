import { setTimeout as sleep } from "node:timers/promises";
import type { LogLine, TaskDetail } from "@ampx/core";
import type { Client, LogFilter } from "./client.ts";
import { taskAtRest } from "./task-at-rest.ts";

/**
 * Hands every log line to `onLine` as it comes, each once and in order, until the task is at rest and its last line is told.
 * Throws the reason of the signal when it aborts.
 */
export async function followLogs(
  client: Client,
  id: string,
  filter: LogFilter,
  onLine: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<TaskDetail> {
  const ended = new AbortController();
  let after = filter.after;
  const tell = (line: LogLine) => {
    after = line.n;
    onLine(line);
  };
  const resting = taskAtRest(client, id, signal).finally(() => ended.abort());
  const followed = tellNew();
  const [task] = await Promise.all([resting, followed]);
  await tellLast();
  return task;

  async function tellNew(): Promise<void> {
    for await (const line of client.followLogs(id, filter, AbortSignal.any([signal, ended.signal])))
      tell(line);
  }

  // The worker writes lines in batches, a moment after the event that they are about.
  async function tellLast(): Promise<void> {
    const { tail: _told, ...rest } = filter;
    for (let quiet = 0; quiet < 2; quiet++) {
      await sleep(150, undefined, { signal });
      const { lines } = await client.readLogs(
        id,
        after === undefined ? filter : { ...rest, after },
        signal,
      );
      if (lines.length > 0) quiet = -1;
      lines.forEach(tell);
    }
  }
}
