import type { Millis } from "@ampx/core";

/** Wakes who waits for it; rung while nobody does, it wakes the next one at once. */
export class Bell {
  #isRung = false;
  #wake: () => void = () => {};

  ring(): void {
    this.#isRung = true;
    this.#wake();
  }

  /** Resolves when it rings, after `ms`, or when the signal aborts. */
  async wait(ms: Millis, signal: AbortSignal): Promise<void> {
    if (!this.#isRung && !signal.aborted && ms > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, ms);
      signal.addEventListener("abort", this.#wake, { once: true });
      await promise;
      clearTimeout(timer);
      signal.removeEventListener("abort", this.#wake);
    }
    this.#isRung = false;
  }
}
