import type { Stats } from "node:fs";
import type { Millis } from "@ampx/core";
import { fingerprint } from "./settling.ts";

interface Waiting {
  fingerprint: string;
  nextAt: Millis;
  /** How many files had been taken when it was tried. */
  taken: number;
}

/** Files that were put back into a backlog to wait: each is tried again after a while, once it is written to, and after another file was taken. */
export class WaitingFiles {
  readonly #files = new Map<string, Waiting>();
  #taken = 0;

  put(name: string, found: Stats, nextAt: Millis): void {
    this.#files.set(name, { fingerprint: fingerprint(found), nextAt, taken: this.#taken });
  }

  /** How long a file must still wait; 0 when it may be tried. */
  restOf(name: string, found: Stats, now: Millis): Millis {
    const waiting = this.#files.get(name);
    if (waiting?.taken !== this.#taken || waiting.fingerprint !== fingerprint(found)) return 0;
    return Math.max(0, waiting.nextAt - now);
  }

  /** Tells that a file was taken; returns whether another one waits, perhaps for it. */
  anotherTaken(): boolean {
    this.#taken++;
    return this.#files.size > 0;
  }

  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#files.keys()) if (!names.has(name)) this.#files.delete(name);
  }
}
