import type { LogStream, TaskId } from "@ampx/core";
import type { NewLogLine, Store } from "@ampx/store";
import type { Clock } from "../ports.ts";

/** Writes the lines of one task to the store in batches, so that a flood of output costs a bounded number of rows and bytes. */
export interface TaskLog extends AsyncDisposable {
  add(stream: LogStream, attempt: number, text: string): void;
  /** Resolves when what was added is stored, or could not be and waits for the next flush. */
  flush(): Promise<void>;
}

const flushEveryMs = 100;
const maxLineChars = 4_000;

/** `cap`: how many of the task's newest lines the store keeps; the full text of a turn is in its file on disk. */
export function taskLog(
  store: Pick<Store, "appendLog">,
  taskId: TaskId,
  clock: Clock,
  cap: number,
): TaskLog {
  /** A ring would save the copying, but a flood that overruns the cap between two flushes is rare. */
  let pending: NewLogLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const lines = withinCap(pending, cap);
    pending = [];
    if (lines.length > 0) writing = writing.then(() => write(lines));
    return writing;
  };

  /** A log that cannot be written (a full disk, a busy database) must not stop the work: its lines wait for the next flush. */
  const write = async (lines: NewLogLine[]): Promise<void> => {
    try {
      await store.appendLog(taskId, lines, cap);
    } catch (error) {
      console.error(error);
      pending = withinCap([...lines, ...pending], cap);
    }
  };

  return {
    add(stream, attempt, text) {
      const cut = text.length > maxLineChars ? `${text.slice(0, maxLineChars)}…` : text;
      pending.push({ at: clock.now(), stream, attempt, text: cut });
      if (pending.length >= 2 * cap) pending = withinCap(pending, cap);
      timer ??= setTimeout(() => void flush(), flushEveryMs);
    },
    flush,
    async [Symbol.asyncDispose]() {
      await flush();
    },
  };
}

/** The newest lines; the first of them counts those that went before. */
function withinCap(lines: NewLogLine[], cap: number): NewLogLine[] {
  if (lines.length <= cap) return lines;
  const kept = lines.slice(-cap);
  const left = lines.slice(0, -cap);
  const skipped = left.reduce((sum, line) => sum + 1 + (line.skippedBefore ?? 0), 0);
  const [first] = kept;
  if (first !== undefined)
    kept[0] = { ...first, skippedBefore: skipped + (first.skippedBefore ?? 0) };
  return kept;
}
