import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sha } from "@ampx/core";
import { z } from "zod";
import { git, tryGit, type GitCall } from "./git.ts";
import { unfinishedOperation } from "./unfinished.ts";
import { nullIfAbsent, parseJson, type Worktree } from "./worktree.ts";

/** What lay in a clean worktree before ampx began to rebase in it: enough to tell, after a crash, what the rebase itself has written. */
const Journal = z.object({ tip: z.string(), untracked: z.array(z.string()) });

/** For a worktree without uncommitted changes to tracked files. */
export async function journalRebase(worktree: Worktree, tip: Sha, here: GitCall): Promise<void> {
  await writeFile(
    journalFile(worktree),
    JSON.stringify({ tip, untracked: await untrackedFiles(here) }),
  );
}

export async function closeJournal(worktree: Worktree): Promise<void> {
  await rm(journalFile(worktree), { force: true });
}

/**
 * Takes back a rebase or merge of ampx's own that did not end, for whatever reason: the branch, the index and the files are as before.
 * Nothing happens without a journal.
 */
export async function undoRebase(worktree: Worktree, branch: string, here: GitCall): Promise<void> {
  const text = await readFile(journalFile(worktree), "utf8").catch(nullIfAbsent);
  if (text === null) return;
  const operation = await unfinishedOperation(worktree);
  // It may have been cut off before git had written down what it needs to abort; what follows does without.
  if (operation === "rebase" || operation === "merge") await tryGit([operation, "--abort"], here);
  for (const left of ["rebase-merge", "rebase-apply", "MERGE_HEAD", "MERGE_MSG", "MERGE_MODE"]) {
    await rm(join(worktree.adminDir, left), { recursive: true, force: true });
  }
  await git(["checkout", "--quiet", "--force", "--no-guess", branch, "--"], here);
  await removeArrived(worktree, text, here);
  await closeJournal(worktree);
}

/** Files of the base that were checked out already and that no index knows: they would be in the way of the next rebase. */
async function removeArrived(worktree: Worktree, text: string, here: GitCall): Promise<void> {
  const journal = Journal.safeParse(parseJson(text));
  // A journal that was itself cut off: git had not begun.
  if (!journal.success) return;
  const before = new Set(journal.data.untracked);
  const arrived = (await untrackedFiles(here)).filter((path) => !before.has(path));
  if (arrived.length === 0) return;
  const ofBase = new Set(
    (
      await git(["ls-tree", "-r", "-z", "--name-only", "--full-tree", journal.data.tip], here)
    ).split("\0"),
  );
  for (const path of arrived) {
    if (ofBase.has(path)) await rm(join(worktree.path, path), { force: true });
  }
}

async function untrackedFiles(here: GitCall): Promise<string[]> {
  const listing = await git(["ls-files", "--others", "--exclude-standard", "-z"], here);
  return listing.split("\0").filter((path) => path !== "");
}

function journalFile(worktree: Worktree): string {
  return join(worktree.adminDir, "ampx-rebase.json");
}
