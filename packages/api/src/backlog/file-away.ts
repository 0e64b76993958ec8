import type { Stats } from "node:fs";
import { lstat, readdir, rm, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { moveFile } from "./move-file.ts";
import { ownFolder } from "./own-folder.ts";
import { shownName } from "./ticket-name.ts";

export const processedName = "processed";
export const rejectedName = "rejected";

/** Moves a claimed file to where those go whose tickets are taken; returns its new path. */
export async function fileProcessed(file: string, backlog: string): Promise<string> {
  return moveFile(file, await ownFolder(join(backlog, processedName)));
}

/** Moves a claimed file to where those go whose tickets are not, and writes beside it why; returns its new path. */
export async function fileRejected(
  file: string,
  backlog: string,
  problems: string,
): Promise<string> {
  return moveFile(file, await ownFolder(join(backlog, rejectedName)), async (target) => {
    const text = errorTextFile(target);
    // What is there belongs to a file that was mended and is gone, or is of no use to anybody: the name is ours now.
    await rm(text, { force: true });
    await writeFile(text, errorText(target, problems), { flag: "wx" });
  });
}

/**
 * Whether an earlier process has filed the file away and died before it had done with it. What was rejected half-way is undone, for now
 * the answer may be another one.
 */
export async function wasProcessed(found: Stats, backlog: string): Promise<boolean> {
  if (found.nlink < 2) return false;
  if ((await linkIn(join(backlog, processedName), found)) !== undefined) return true;
  const half = await linkIn(join(backlog, rejectedName), found);
  if (half === undefined) return false;
  await rm(errorTextFile(half), { force: true });
  await unlink(half);
  return false;
}

function errorTextFile(target: string): string {
  return `${target}.error.txt`;
}

function errorText(target: string, problems: string): string {
  const name = shownName(basename(target));
  const backlog = basename(dirname(dirname(target)));
  // Words from the file itself may hold anything; line ends and tabs are meant.
  const words = problems.replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").trim();
  return `This file was not taken:

${words}

What to do: mend ${name} and move it up into ${backlog}/ again.
To look at it before that: ampx validate <file>
`;
}

/** The path in a folder under which the very same file lies. */
async function linkIn(folder: string, { dev, ino }: Stats): Promise<string | undefined> {
  for (const name of await readdir(await ownFolder(folder))) {
    const path = join(folder, name);
    const there = await lstat(path);
    if (there.dev === dev && there.ino === ino) return path;
  }
  return undefined;
}
