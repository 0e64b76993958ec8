import type Database from "better-sqlite3";
import type { Watch } from "./store.ts";

/** How often another process's writes are looked for while somebody waits: a look takes a few microseconds. */
const lookEveryMs = 20;

/** Tells of writes to the database, over a connection of its own that is opened for the first watch. */
export class Watcher implements Disposable {
  readonly #open: () => Database.Database;
  #connection: Database.Database | undefined;
  #version: Database.Statement | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #waiting = new Set<Waiter>();

  /** `open` must give a connection that nothing is written through: SQLite does not count a connection's own writes. */
  constructor(open: () => Database.Database) {
    this.#open = open;
  }

  watch(): Watch {
    let seen = this.#look();
    return {
      next: async (signal) => {
        const version = this.#look();
        seen =
          version !== seen || version === undefined
            ? version
            : await this.#another(version, signal);
      },
    };
  }

  /** Looks now: something was written by this process. */
  nudge(): void {
    if (this.#waiting.size === 0) return;
    const version = this.#look();
    for (const waiter of this.#waiting) if (waiter.seen !== version) waiter.leave(version);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const waiter of this.#waiting) waiter.leave(waiter.seen);
    this.#connection?.close();
  }

  /** The next version after the one that was seen, or that one when the signal aborts. */
  #another(seen: number, signal: AbortSignal): Promise<number | undefined> {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    if (signal.aborted) return Promise.resolve(seen);
    const leave = (version: number | undefined) => {
      signal.removeEventListener("abort", abort);
      this.#waiting.delete(waiter);
      if (this.#waiting.size === 0) this.#rest();
      resolve(version);
    };
    const abort = () => leave(seen);
    const waiter: Waiter = { seen, leave };
    signal.addEventListener("abort", abort);
    this.#waiting.add(waiter);
    this.#timer ??= setInterval(() => this.nudge(), lookEveryMs);
    return promise;
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** A number that is another one after each commit by any other connection; undefined when it cannot be read. */
  #look(): number | undefined {
    if (this.#closed) return undefined;
    try {
      this.#connection ??= this.#open();
      this.#version ??= this.#connection.prepare("pragma data_version").pluck();
      return Number(this.#version.get());
    } catch {
      // Counts as a change: whoever waits looks for himself, and his query says what is wrong.
      return undefined;
    }
  }
}

interface Waiter {
  seen: number;
  leave(version: number | undefined): void;
}
