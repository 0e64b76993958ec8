import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Puts a file in place at once, whole and on disk: a reader sees the old one or the new one. One writer at a time. */
export async function writeDurably(file: string, text: string, mode = 0o644): Promise<void> {
  const draft = `${file}.new`;
  {
    await using handle = await open(draft, "w", mode);
    await handle.writeFile(text);
    // The mode given to open(2) is cut down by the process's umask.
    if ((mode & 0o111) !== 0) await handle.chmod(mode);
    await handle.sync();
  }
  await rename(draft, file);
  await using folder = await open(dirname(file), "r");
  await folder.sync();
}
