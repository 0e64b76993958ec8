import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sha } from "@ampx/core";
import type { Meeting } from "../ports.ts";
import { git, tryGit, type GitCall } from "./git.ts";
import { remember } from "./remember.ts";
import type { WorkspaceScope } from "./workspace.ts";

export interface MeetingsOf {
  own: Sha | null;
  others: readonly Sha[];
  tmp: string;
}

/** Two branches as they stand against their base: what each changes, and where they meet. See `Workspace.meetings`. */
export async function meetings(
  { copy, base, mark }: WorkspaceScope,
  { own, others, tmp }: MeetingsOf,
  signal: AbortSignal,
): Promise<Meeting[]> {
  const call = { signal, mark };
  const inCopy = { ...call, cwd: copy.dir, gitDir: copy.dir };
  const tip = (await git(["rev-parse", "--verify", `refs/remotes/origin/${base}`], inCopy)).trim();
  await makeScratch(tmp, copy.dir, copy.repository.objectFormat);
  const here: GitCall = { ...call, cwd: tmp, gitDir: tmp };
  const change = (of: Sha) =>
    knownChange(`${copy.dir} ${of} ${tip}`, () => changeOf(of, tip, here));
  const mine = own === null ? null : await change(own);
  if (own !== null && mine === null) return [];
  const found: Meeting[] = [];
  for (const commit of others) {
    const theirs = await change(commit);
    if (theirs === null) continue;
    if (own === null || mine === null) {
      found.push({ commit, files: theirs.files, conflicts: [] });
      continue;
    }
    if (!areNear(mine.files, theirs.files)) continue;
    const files = inBoth(mine.files, theirs.files);
    const merge = () => conflictsOf(own, commit, here);
    const conflicts = (await knownConflicts(`${own} ${commit}`, merge)) ?? [];
    // Where one branch is older than the other, what the base itself did meanwhile is neither's doing.
    const isTheirs = (file: string) => mine.fork === theirs.fork || theirs.files.includes(file);
    const meeting = { commit, files, conflicts: conflicts.filter(isTheirs) };
    if (meeting.files.length > 0 || meeting.conflicts.length > 0) found.push(meeting);
  }
  return found;
}

/**
 * A repository without refs, config or attributes that borrows the copy's objects: what a merge writes stays in it, and nothing that agents have set
 * up in the copy, such as a merge driver, has a say.
 */
async function makeScratch(
  folder: string,
  copyDir: string,
  objectFormat: "sha1" | "sha256",
): Promise<void> {
  await mkdir(join(folder, "objects/info"), { recursive: true });
  await mkdir(join(folder, "refs"), { recursive: true });
  await writeFile(join(folder, "HEAD"), "ref: refs/heads/none\n");
  await writeFile(
    join(folder, "config"),
    objectFormat === "sha1"
      ? "[core]\n\trepositoryFormatVersion = 0\n\tbare = true\n"
      : "[core]\n\trepositoryFormatVersion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = sha256\n",
  );
  await writeFile(join(folder, "objects/info/alternates"), `${join(copyDir, "objects")}\n`);
}

// Many tasks look at the same branches, again and again.
const most = 1_000;
const knownChange = remember<Change | null>(
  most,
  (change) => change !== null && change.files.length <= 200,
);
const knownConflicts = remember<string[] | null>(
  most,
  (conflicts) => conflicts !== null && conflicts.length <= 200,
);

interface Change {
  /** The newest commit that the branch and its base have in common. */
  fork: Sha;
  files: string[];
}

/** Null for a commit that is not here, or that has nothing in common with the base. */
async function changeOf(commit: Sha, tip: Sha, here: GitCall): Promise<Change | null> {
  const found = await tryGit(["merge-base", commit, tip], here);
  if (found.code !== 0) return null;
  const fork = found.stdout.trim();
  const names = await git(
    ["diff-tree", "-r", "--name-only", "-z", "--no-renames", "--no-ext-diff", fork, commit],
    here,
  );
  return { fork, files: names.split("\0").filter((path) => path !== "") };
}

/** Whether they share a file or a folder. Where they do not, not even a folder that one of them renames concerns the other. */
function areNear(mine: readonly string[], theirs: readonly string[]): boolean {
  const ours = withFolders(mine);
  return [...withFolders(theirs)].some((path) => ours.has(path));
}

/** Paths that are in both, and those where one has a file and the other a folder. */
function inBoth(mine: readonly string[], theirs: readonly string[]): string[] {
  const [ours, others] = [withFolders(mine), withFolders(theirs)];
  const files = new Set([...mine, ...theirs]);
  return [...files].filter((path) => ours.has(path) && others.has(path)).toSorted();
}

function withFolders(paths: readonly string[]): Set<string> {
  const all = new Set(paths);
  for (const path of paths) {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1))
      all.add(path.slice(0, end));
  }
  return all;
}

/** Merges the two without a worktree. Null where git cannot tell: it is older than 2.38, or the two have no history in common. */
async function conflictsOf(own: Sha, other: Sha, here: GitCall): Promise<string[] | null> {
  const merge = await tryGit(
    ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", own, other],
    here,
  );
  if (merge.code === 0) return [];
  if (merge.code !== 1) return null;
  // The tree comes first, then the paths, each once for every side that git keeps of it.
  const [, ...paths] = merge.stdout.split("\0");
  return [...new Set(paths.filter((path) => path !== ""))];
}
