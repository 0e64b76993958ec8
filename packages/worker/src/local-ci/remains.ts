import { basename } from "node:path";
import type { LockNote, ProcessLock } from "@ampx/store";
import { removeTree } from "../git/remove-tree.ts";
import { endProcesses } from "../process-tree.ts";

/** The note of a run's lock: which temporary folders it leaves behind if it dies. */
export function noteOf(folders: string[]): LockNote {
  return { folders };
}

/** Ends and removes what a dead run left, before anything else happens under its lock. `own` are the folders this run will make. */
export async function clearRemains(lock: ProcessLock, mark: string, own: string[]): Promise<void> {
  if (lock.replaced.length === 0) return;
  const folders = lock.replaced.flatMap(({ note }) => foldersOf(note));
  // If we die while we clear, the next one finds all of it.
  await lock.describe(noteOf([...own, ...folders]));
  await endProcesses({ mark, graceMs: 0 });
  for (const folder of folders) await removeWorkFolder(folder);
  await lock.describe(noteOf(own));
}

/** Removes a run's folder. What a script made as another user (in a container) stays, and costs nobody the verdict. */
export async function removeWorkFolder(folder: string): Promise<void> {
  await removeTree(folder).catch((error: unknown) => {
    if (
      !(
        error instanceof Error &&
        "code" in error &&
        (error.code === "EACCES" || error.code === "EPERM")
      )
    )
      throw error;
  });
}

export const workFolderPrefix = "ampx-ci-";

function foldersOf(note: LockNote): string[] {
  const { folders } = note;
  if (!Array.isArray(folders)) return [];
  // The file may have been written by anyone; only what looks like ours is removed.
  return folders.filter(
    (folder): folder is string =>
      typeof folder === "string" && basename(folder).startsWith(workFolderPrefix),
  );
}
