import { existsSync, watch, type FSWatcher } from "node:fs";
import { basename } from "node:path";
import type { CiPaths } from "./ci-paths.ts";

/**
 * Tells as soon as a runner, whoever started it, is done with a commit: it has said what came of it, and tidied up. It may miss one, such as
 * one that was killed: whoever waits looks from time to time, too.
 */
export interface RunWatch {
  /**
   * Calls `onEnd` once, when nobody holds the lock of the commit any more. Nothing comes of it where nobody holds it now: look once more after
   * the call. Of several calls for one commit the last one counts.
   */
  expect(paths: CiPaths, onEnd: () => void): void;
}

interface Folder {
  watcher: FSWatcher;
  /** By the lock. */
  awaited: Map<string, () => void>;
}

export function runWatch(): RunWatch {
  const folders = new Map<string, Folder>();

  const open = (path: string): Folder | undefined => {
    const awaited: Folder["awaited"] = new Map();
    const close = () => {
      watcher.close();
      if (folders.get(path)?.watcher === watcher) folders.delete(path);
    };
    const onChange = (name: string | null) => {
      // The folder itself was removed or moved away, and nothing more is heard of it.
      const isGone = name === basename(path);
      for (const [lock, onEnd] of awaited) {
        if (!isGone && (name !== basename(lock) || existsSync(lock))) continue;
        awaited.delete(lock);
        onEnd();
      }
      if (isGone || awaited.size === 0) close();
    };
    let watcher: FSWatcher;
    try {
      // A process that wants to end does not wait for it.
      watcher = watch(path, { persistent: false }, (_, name) => onChange(name));
    } catch {
      // No such folder yet, or no more watches to be had.
      return undefined;
    }
    watcher.on("error", close);
    const folder = { watcher, awaited };
    folders.set(path, folder);
    return folder;
  };

  return {
    expect({ folder: path, lock }, onEnd) {
      const folder = folders.get(path) ?? open(path);
      if (existsSync(lock)) folder?.awaited.set(lock, onEnd);
    },
  };
}
