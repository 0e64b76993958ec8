import { existsSync, watch, type FSWatcher } from "node:fs";
import { basename } from "node:path";
import type { CiPaths } from "./ci-paths.ts";

/**
 * Tells as soon as a runner, whoever started it, is done with a commit: it has said what came of it, and tidied up. It may miss one, such as
 * one that was killed: whoever waits looks from time to time, too.
 */
export interface RunWatch {
  /** Calls `onEnd` once, when nobody holds the lock of the commit any more. What was before is not told: look once more after the call. */
  expect(paths: CiPaths, onEnd: () => void): void;
  /** Nobody waits for it any more. */
  forget(paths: CiPaths): void;
}

interface Folder {
  watcher: FSWatcher;
  /** By the lock. */
  awaited: Map<string, () => void>;
}

export function runWatch(): RunWatch {
  const folders = new Map<string, Folder>();

  const close = (path: string) => {
    folders.get(path)?.watcher.close();
    folders.delete(path);
  };
  const forget = (path: string, lock: string) => {
    const awaited = folders.get(path)?.awaited;
    awaited?.delete(lock);
    if (awaited?.size === 0) close(path);
  };
  const open = (path: string): Folder | undefined => {
    const awaited: Folder["awaited"] = new Map();
    const onChange = (name: string | null) => {
      for (const [lock, onEnd] of awaited) {
        if (name !== basename(lock) || existsSync(lock)) continue;
        forget(path, lock);
        onEnd();
      }
    };
    try {
      // A process that wants to end does not wait for it.
      const watcher = watch(path, { persistent: false }, (_, name) => onChange(name));
      // Such as a folder that was removed.
      watcher.on("error", () => close(path));
      const folder = { watcher, awaited };
      folders.set(path, folder);
      return folder;
    } catch {
      // No such folder yet, or no more watches to be had.
      return undefined;
    }
  };

  return {
    expect: ({ folder: path, lock }, onEnd) =>
      (folders.get(path) ?? open(path))?.awaited.set(lock, onEnd),
    forget: ({ folder: path, lock }) => forget(path, lock),
  };
}
