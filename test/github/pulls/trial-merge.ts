import { git, tryGit } from "../git/git.ts";
import type { Issue, Pull } from "../issue.ts";
import type { Repository } from "../repository.ts";

/** Sees whether the pull request merges, and keeps `refs/pull/<n>/head` and, where it does, `/merge`. */
export async function tryToMerge(
  repository: Repository,
  issue: Issue,
  pull: Pull,
  at: number,
): Promise<void> {
  pull.mergeableFrom = at + repository.mergeabilityMs;
  await git(repository, ["update-ref", `refs/pull/${issue.number}/head`, pull.headSha]);
  const tree = await mergedTree(repository, pull);
  pull.mergeable = tree !== undefined;
  pull.mergeSha = undefined;
  if (tree === undefined) return;
  const base = `refs/heads/${pull.base}`;
  const message = `Merge ${pull.headSha} into ${pull.base}`;
  const parents = ["-p", base, "-p", pull.headSha];
  pull.mergeSha = await git(repository, ["commit-tree", tree, ...parents, "-m", message]);
  await git(repository, ["update-ref", `refs/pull/${issue.number}/merge`, pull.mergeSha]);
}

/** Undefined where they conflict, or the base is gone. */
export async function mergedTree(
  repository: Repository,
  { base, headSha }: Pull,
): Promise<string | undefined> {
  const args = ["merge-tree", "--write-tree", `refs/heads/${base}`, headSha];
  return (await tryGit(repository, args))?.split("\n")[0];
}

/** Whether the base has nothing that the head lacks. */
export async function isUpToDate(
  repository: Repository,
  { base, headSha }: Pull,
): Promise<boolean> {
  return isAncestor(repository, `refs/heads/${base}`, headSha);
}

export async function isAncestor(
  repository: Repository,
  ancestor: string,
  of: string,
): Promise<boolean> {
  return (await tryGit(repository, ["merge-base", "--is-ancestor", ancestor, of])) !== undefined;
}
