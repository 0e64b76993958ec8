import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "../local-ci/write-durably.ts";
import { removeTree } from "./remove-tree.ts";
import { kindOf, nullIfAbsent } from "./worktree.ts";

/** The config as it was when the copy was made. */
const madeFile = "ampx.made.config";

/** What all worktrees of a copy share beside its objects and branches, and what every git that runs there heeds. ampx makes none of it. */
const shared = ["hooks", "info/exclude", "info/attributes", "info/sparse-checkout", "info/grafts"];

/** Remembers the config of a copy that was just made. */
export async function noteConfig(copyDir: string): Promise<void> {
  const config = await readFile(join(copyDir, "config"), "utf8");
  await writeDurably(join(copyDir, madeFile), config, 0o600);
}

/** Whether a copy was made whole: also when an agent has removed what it is otherwise known by. */
export async function isNoted(copyDir: string): Promise<boolean> {
  return (await kindOf(join(copyDir, madeFile))) === "file";
}

/**
 * Puts back what `git config` and the like, run by an agent in its worktree, have changed for all tasks of this repository: the copy's
 * config, hooks and lists of what to leave out. Says what, in words for people. For use under the copy's lock.
 */
export async function keepCopy(copyDir: string): Promise<string[]> {
  const notes: string[] = [];
  const made = await readFile(join(copyDir, madeFile), "utf8").catch(nullIfAbsent);
  // A copy of an earlier version: what it holds now is what it was made with, as far as anybody knows.
  if (made === null) await noteConfig(copyDir);
  else if ((await textOf(join(copyDir, "config"))) !== made) {
    await writeDurably(join(copyDir, "config"), made);
    notes.push("the git config that all tasks of this repository share was changed: put back");
  }
  for (const name of shared) {
    if ((await kindOf(join(copyDir, name))) === "absent") continue;
    await removeTree(join(copyDir, name));
    notes.push(`${name} was added to what all tasks of this repository share: removed`);
  }
  return notes;
}

async function textOf(file: string): Promise<string | null> {
  return (await kindOf(file)) === "file" ? readFile(file, "utf8") : null;
}
