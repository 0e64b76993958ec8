import { chmod, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { removeTree } from "./remove-tree.ts";

/** One task's working folder, and the folder in the copy where git keeps what belongs to it alone: HEAD, index, a merge in progress. */
export interface Worktree {
  taskId: string;
  path: string;
  adminDir: string;
  copyDir: string;
}

/** What a worktree is of, for those who find it without its task. */
export const WorktreeRecord = z.object({
  branch: z.string(),
  base: z.string(),
  /** The base branch as the remote had it when ampx last looked before a turn. */
  tip: z.string().optional(),
});
export type WorktreeRecord = z.infer<typeof WorktreeRecord>;

export function worktreesFolder(home: string): string {
  return join(home, "worktrees");
}

export function worktreeOf(home: string, copyDir: string, taskId: string): Worktree {
  return {
    taskId,
    path: join(worktreesFolder(home), taskId),
    adminDir: join(copyDir, "worktrees", taskId),
    copyDir,
  };
}

/** Where git runs for a worktree: named outright, so that it works (and stays inside) whatever an agent did to the `.git` file. */
export function inWorktree(worktree: Worktree) {
  return { cwd: worktree.path, gitDir: worktree.adminDir, workTree: worktree.path };
}

export async function readRecord(worktree: Worktree): Promise<WorktreeRecord | null> {
  const text = await readFile(recordFile(worktree), "utf8").catch(nullIfAbsent);
  const record = text === null ? null : WorktreeRecord.safeParse(parseJson(text));
  return record?.success ? record.data : null;
}

/** Not forced to disk, which would wait for the thousands of files just checked out: a torn record is written again by the next `prepare`. */
export async function writeRecord(worktree: Worktree, record: WorktreeRecord): Promise<void> {
  const unfinished = `${recordFile(worktree)}.new`;
  await writeFile(unfinished, JSON.stringify(record), { mode: 0o600 });
  await rename(unfinished, recordFile(worktree));
}

/**
 * Whether somebody may have worked here. Not so where git was cut off while it made the worktree: it writes the index last, and then takes
 * its own mark away. An index that is missing later on, because an agent removed it, is told by the record.
 */
export async function isWhole({ path, adminDir }: Worktree): Promise<boolean> {
  if ((await kindOf(path)) !== "folder") return false;
  if ((await kindOf(join(adminDir, "ampx.json"))) === "file") return true;
  const mark = await readFile(join(adminDir, "locked"), "utf8").catch(nullIfAbsent);
  return (await kindOf(join(adminDir, "index"))) === "file" && mark?.trim() !== "initializing";
}

/** Removes what a crash has left of a worktree in which nobody has worked, or whose folder is gone. */
export async function discardRemains(worktree: Worktree, branch: string): Promise<void> {
  await rm(branchLock(worktree, branch), { force: true });
  await removeTree(worktree.path);
  await rm(worktree.adminDir, { recursive: true, force: true });
}

/**
 * Mends what a killed git or a careless agent broke in a worktree: its private locks, the `.git` file, a HEAD that a power cut emptied.
 * The work itself is not touched. Only while no process of the task lives.
 */
export async function mendWorktree(worktree: Worktree, branch: string): Promise<void> {
  for (const folder of [worktree.adminDir, join(worktree.adminDir, "logs")]) {
    for (const entry of (await readdir(folder, { withFileTypes: true }).catch(nullIfAbsent)) ??
      []) {
      // Git makes no links here. One would lead its writes to another place, outside of an agent's sandbox too.
      const isOdd = !entry.isFile() && !entry.isDirectory();
      if (isOdd || entry.name.endsWith(".lock"))
        await rm(join(folder, entry.name), { force: true });
    }
  }
  await rm(branchLock(worktree, branch), { force: true });
  await giveRights(worktree.path);
  const head = await readFile(join(worktree.adminDir, "HEAD"), "utf8").catch(nullIfAbsent);
  if (head === null || !/^(ref: refs\/|[0-9a-f]{40})/.test(head))
    await writeFile(join(worktree.adminDir, "HEAD"), `ref: refs/heads/${branch}\n`);
  await mendPointer(worktree);
}

/** After a `chmod -R` that took all rights, of the folder and so of what is in it. Git keeps no rights but that of being run. */
async function giveRights(path: string): Promise<void> {
  const { mode } = await lstat(path);
  if ((mode & 0o700) !== 0o700) await giveAllRights(path);
}

async function giveAllRights(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await giveAllRights(path);
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode | 0o600);
  }
}

async function mendPointer(worktree: Worktree): Promise<void> {
  const pointer = join(worktree.path, ".git");
  const kind = await kindOf(pointer);
  const wanted = `gitdir: ${worktree.adminDir}\n`;
  if (kind === "file" && (await readFile(pointer, "utf8")).trim() === wanted.trim()) return;
  // A repository that an agent made in the place of its own is set aside, its files stay.
  if (kind === "folder") await setAside(worktree, pointer);
  else await rm(pointer, { force: true });
  await writeFile(pointer, wanted);
}

/** Moves a `.git` folder out of the worktree. It is kept until the worktree is swept. */
export async function setAside(worktree: Worktree, gitFolder: string): Promise<void> {
  const kept = join(worktree.adminDir, "ampx-set-aside");
  await mkdir(kept, { recursive: true });
  const count = (await readdir(kept)).length;
  await rename(gitFolder, join(kept, String(count + 1))).catch(async (error: unknown) => {
    // Across file systems it cannot be kept; its files stay in any case.
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    await removeTree(gitFolder);
  });
}

/** Undefined for what is no JSON, as a power cut can leave it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema that it is meant for refuses undefined.
    return undefined;
  }
}

export async function kindOf(path: string): Promise<"folder" | "file" | "other" | "absent"> {
  const found = await lstat(path).catch(nullIfAbsent);
  if (found === null) return "absent";
  if (found.isDirectory()) return "folder";
  // Whoever reads a pipe that nobody writes to waits for ever.
  return found.isFile() ? "file" : "other";
}

export function nullIfAbsent(error: unknown): null {
  if (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOENT" || error.code === "ENOTDIR")
  )
    return null;
  throw error;
}

function branchLock(worktree: Worktree, branch: string): string {
  return join(worktree.copyDir, "refs", "heads", `${branch}.lock`);
}

function recordFile(worktree: Worktree): string {
  return join(worktree.adminDir, "ampx.json");
}
