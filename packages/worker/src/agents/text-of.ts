import { readFile } from "node:fs/promises";

/** The text of a file of the person's; null when it is not there or not for us: then an agent of ours cannot read it either. */
export async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch {
    // Most people have only some of the files that are looked for.
    return null;
  }
}
