import { lstat, mkdtemp, open, readdir, rename, rmdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Millis } from "@ampx/core";
import { errorCode } from "./error-code.ts";
import { ownFolder } from "./own-folder.ts";
import type { Taken } from "./take.ts";

/**
 * A file that was taken out of a backlog and is not filed away yet. It lies in a folder of its own below `.taking/<owner>/`: of several servers that
 * rename it exactly one succeeds, and after a crash the folder's name says whose it is.
 */
export interface Claim {
  /** The folder that the file lies in. */
  folder: string;
  /** Left by an earlier process, so that nobody knows how far it came. */
  resumed: boolean;
  failures: number;
  /** It failed, and is not tried again before. */
  nextAt: Millis;
  /** Once it is known: it is not asked for again when only the filing away has failed. */
  outcome?: Taken;
}

/** Where claims lie in a backlog. */
export const takingName = ".taking";

/** Claims a file; undefined when it is gone, as when another server was faster. */
export async function claimFile(file: string, owner: string): Promise<Claim | undefined> {
  const taking = await ownFolder(join(file, "..", takingName));
  const folder = await mkdtemp(join(await ownFolder(join(taking, owner)), "file-"));
  try {
    await rename(file, join(folder, basename(file)));
  } catch (error) {
    await endClaim(folder);
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
  await syncFolder(folder);
  return { folder, resumed: false, failures: 0, nextAt: 0 };
}

/** The folders of an owner's claims, the oldest names first. */
export async function claimFolders(backlog: string, owner: string): Promise<string[]> {
  const taking = join(backlog, takingName, owner);
  return (await namesIn(taking)).toSorted().map((name) => join(taking, name));
}

/** Other owners' claims that hold a file. */
export async function foreignClaims(backlog: string, owner: string): Promise<string[]> {
  const taking = join(backlog, takingName);
  const files: string[] = [];
  for (const other of await namesIn(taking)) {
    if (other === owner) continue;
    for (const claim of await namesIn(join(taking, other)))
      for (const name of await namesIn(join(taking, other, claim)))
        files.push(join(taking, other, claim, name));
  }
  return files;
}

/** The file of a claim; undefined when nothing is left of it. */
export async function claimedFile(folder: string): Promise<string | undefined> {
  const [name] = await namesIn(folder);
  return name === undefined ? undefined : join(folder, name);
}

export async function endClaim(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    // Another process of the same home has ended it.
    if (errorCode(error) !== "ENOENT") throw error;
  });
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    // A link would lead out of the backlog.
    return (await lstat(folder)).isDirectory() ? await readdir(folder) : [];
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") return [];
    throw error;
  }
}

/** So that after a power cut the file is still claimed by the one whose store may have its ticket. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder);
  await handle.sync().catch((error: unknown) => {
    // Some file systems cannot; there a power cut may give the file back to all.
    if (errorCode(error) !== "EINVAL" && errorCode(error) !== "ENOTSUP") throw error;
  });
}
