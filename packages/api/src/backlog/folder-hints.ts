import { lstat } from "node:fs/promises";
import { basename } from "node:path";
import { watch, type FSWatcher } from "chokidar";
import { isTicketName } from "./ticket-name.ts";
import { wordsOf } from "./words-of.ts";

/** Tells when something changes in one of the folders. It may miss changes, and tell of none: whoever is told looks for himself, and others look from time to time. */
export class FolderHints implements AsyncDisposable {
  readonly #changed: () => void;
  readonly #failed: (folder: string, words: string) => void;
  readonly #watches = new Map<string, { identity: string; watcher: FSWatcher }>();

  constructor(changed: () => void, failed: (folder: string, words: string) => void) {
    this.#changed = changed;
    this.#failed = failed;
  }

  /** Watches these folders and no others; a folder that was made again is watched again. */
  async watch(folders: Iterable<string>): Promise<void> {
    const wanted = new Set(folders);
    for (const folder of this.#watches.keys()) if (!wanted.has(folder)) await this.#end(folder);
    for (const folder of wanted) {
      const identity = await identityOf(folder);
      if (this.#watches.get(folder)?.identity === identity) continue;
      await this.#end(folder);
      if (identity !== undefined)
        this.#watches.set(folder, { identity, watcher: this.#begin(folder) });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of this.#watches.keys()) await this.#end(folder);
  }

  #begin(folder: string): FSWatcher {
    const watcher = watch(folder, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => path !== folder && !isTicketName(basename(path)),
    });
    watcher.on("all", () => this.#changed());
    watcher.on("error", (error) => this.#failed(folder, wordsOf(error).words));
    return watcher;
  }

  async #end(folder: string): Promise<void> {
    const found = this.#watches.get(folder);
    this.#watches.delete(folder);
    await found?.watcher.close();
  }
}

async function identityOf(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeMs } = await lstat(folder);
    return `${dev}:${ino}:${birthtimeMs}`;
  } catch {
    // Not there or not to be looked at: the scan says what is wrong.
    return undefined;
  }
}
