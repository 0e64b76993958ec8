import { watch, type FSWatcher } from "node:fs";
import { basename } from "node:path";
import type { CiPaths } from "./ci-paths.ts";

/** Tells as soon as a runner, whoever started it, has recorded what became of a commit. It may miss one: whoever waits looks from time to time, too. */
export interface VerdictWatch {
  /** Calls `onVerdict` once, when a verdict or a fault is there. What was there before is not told: look once more after the call. */
  expect(paths: CiPaths, onVerdict: () => void): void;
  /** Nobody waits for it any more. */
  forget(paths: CiPaths): void;
}

interface Folder {
  watcher: FSWatcher;
  /** By the name of the status file. */
  awaited: Map<string, { fault: string; onVerdict: () => void }>;
}

export function verdictWatch(): VerdictWatch {
  const folders = new Map<string, Folder>();

  const close = (path: string) => {
    folders.get(path)?.watcher.close();
    folders.delete(path);
  };
  const open = (path: string): Folder | undefined => {
    const awaited: Folder["awaited"] = new Map();
    const onChange = (name: string | null) => {
      for (const [status, { fault, onVerdict }] of awaited) {
        if (name !== status && name !== fault) continue;
        awaited.delete(status);
        onVerdict();
      }
      if (awaited.size === 0) close(path);
    };
    try {
      // Of a process that wants to end nobody waits.
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
    expect({ folder: path, status, fault }, onVerdict) {
      const folder = folders.get(path) ?? open(path);
      folder?.awaited.set(basename(status), { fault: basename(fault), onVerdict });
    },
    forget({ folder: path, status }) {
      const folder = folders.get(path);
      folder?.awaited.delete(basename(status));
      if (folder?.awaited.size === 0) close(path);
    },
  };
}
