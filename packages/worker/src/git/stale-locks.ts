import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Git holds the locks that worktrees share for milliseconds only. */
const watchMs = 1_000;

/**
 * Removes lock files in what the worktrees of a copy share which a dead git has left: those that do not change while they are watched.
 * Returns whether any was removed.
 */
export async function removeStaleLocks(copyDir: string, signal: AbortSignal): Promise<boolean> {
  const before = await locksIn(copyDir);
  if (before.size === 0) return true;
  await sleep(watchMs, undefined, { signal });
  const after = await locksIn(copyDir);
  let removed = false;
  for (const [file, seen] of before) {
    if (after.get(file) === seen) {
      await rm(file, { force: true });
      removed = true;
    }
  }
  return removed || after.size === 0;
}

/** Each with what tells it from a later one of the same name. */
async function locksIn(copyDir: string): Promise<Map<string, string>> {
  const locks = new Map<string, string>();
  const files = [
    ...(await lockFiles(copyDir, false)),
    ...(await lockFiles(join(copyDir, "refs"), true)),
  ];
  for (const file of files) {
    const found = await stat(file).catch(() => null /* gone since */);
    if (found !== null) locks.set(file, `${found.ino} ${found.mtimeMs}`);
  }
  return locks;
}

async function lockFiles(folder: string, recursive: boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".lock"))
    .map((entry) => join(entry.parentPath, entry.name));
}
