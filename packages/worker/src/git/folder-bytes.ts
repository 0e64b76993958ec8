import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { nullIfAbsent } from "./worktree.ts";

/** The disk space that a folder takes, as far as it can be read, in bytes. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    () => [] /* gone, or not ours to read: counts nothing */,
  );
  let bytes = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await folderBytes(path);
    else bytes += ((await lstat(path).catch(nullIfAbsent))?.blocks ?? 0) * 512;
  }
  return bytes;
}
