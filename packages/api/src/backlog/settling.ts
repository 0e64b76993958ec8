import type { Stats } from "node:fs";
import type { Millis } from "@ampx/core";

/**
 * Tells when a file is completely written: it stays as it is for a while. What counts is the clock of this process, which nobody sets back, and not
 * the file's name, so that a file that is moved need not settle again.
 */
export class Settling {
  readonly #settleMs: Millis;
  readonly #now: () => Millis;
  #firstSeen = new Map<string, Millis>();
  #seenBefore = new Map<string, Millis>();

  /** `now`: any clock that only goes forward. */
  constructor(settleMs: Millis, now: () => Millis) {
    this.#settleMs = settleMs;
    this.#now = now;
  }

  /** Forgets what was not asked about since the last call. */
  nextScan(): void {
    this.#seenBefore = this.#firstSeen;
    this.#firstSeen = new Map();
  }

  /** How long the file must still stay as it is; 0 once it is settled. */
  restOf(stat: Stats): Millis {
    const key = fingerprint(stat);
    const now = this.#now();
    const since = this.#firstSeen.get(key) ?? this.#seenBefore.get(key) ?? now;
    this.#firstSeen.set(key, since);
    return Math.max(0, since + this.#settleMs - now);
  }
}

/** The same as long as nobody writes to the file or puts another one in its place. */
export function fingerprint({ dev, ino, size, mtimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}`;
}
