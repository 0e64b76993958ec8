import type { Store } from "../store.ts";

/** A fresh, empty store that several openers and several processes share; everything of it is gone when its scope ends. */
export interface StoreHarness extends AsyncDisposable {
  open(options?: { redact?: (text: string) => string; now?: () => number }): Promise<Store>;
  /** Runs a verb of `child/main.ts` on the same store in a process of its own. */
  child(verb: string, ...args: string[]): Child;
  /** Every byte that the store keeps on disk. */
  bytes(): Buffer;
  /** Puts text that does not fit any state into a task's row, and into its events too, as a fault or somebody's hand may. */
  spoil(taskId: string, what: "state" | "state and events"): void;
}

export interface Child {
  readonly pid: number;
  /** Resolves with the first line that it says. */
  said(): Promise<string>;
  /** Resolves with all it said, as JSON, once it has ended well; rejects with its errors otherwise. */
  result(): Promise<unknown>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}
