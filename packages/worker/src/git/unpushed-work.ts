import { tryGit, git, type GitCall } from "./git.ts";
import { unfinishedOperation } from "./unfinished.ts";
import { inWorktree, type Worktree, type WorktreeRecord } from "./worktree.ts";

/**
 * Says what would be lost with this worktree and its local branch, or null when all of it is on the remote: on the branch, on the base, or as
 * the same change under another commit (a squash or a rebase). The remote's branches must have been fetched just now.
 */
export async function unpushedWork(
  worktree: Worktree,
  { branch, base }: WorktreeRecord,
  call: Pick<GitCall, "signal" | "mark">,
): Promise<string | null> {
  const here: GitCall = {
    ...call,
    ...inWorktree(worktree),
    identity: { name: "ampx", email: "ampx@localhost" },
  };
  const operation = await unfinishedOperation(worktree);
  if (operation !== null) return `a ${operation} in progress`;
  const changes = await git(["status", "--porcelain", "-z", "--untracked-files=all"], here);
  if (changes !== "") return "changes that are not committed";
  for (const tip of await localTips(branch, here)) {
    if (!(await isOnRemote(tip, branch, base, here)))
      return `commits that are not pushed (${tip.slice(0, 10)})`;
  }
  return null;
}

/** HEAD and the branch, which an agent may have taken apart. */
async function localTips(branch: string, here: GitCall): Promise<Set<string>> {
  const tips = new Set<string>();
  for (const name of ["HEAD", `refs/heads/${branch}`]) {
    const tip = (
      await tryGit(["rev-parse", "--verify", "--quiet", `${name}^{commit}`], here)
    ).stdout.trim();
    if (tip !== "") tips.add(tip);
  }
  return tips;
}

async function isOnRemote(
  tip: string,
  branch: string,
  base: string,
  here: GitCall,
): Promise<boolean> {
  const remote = await git(
    [
      "for-each-ref",
      "--format=%(refname)",
      `refs/remotes/origin/${branch}`,
      `refs/remotes/origin/${base}`,
    ],
    here,
  );
  const refs = remote.split("\n").filter((ref) => ref !== "");
  const missing = await git(["rev-list", "--max-count=1", tip, "--not", ...refs], here);
  if (missing === "") return true;
  const baseRef = `refs/remotes/origin/${base}`;
  if (!refs.includes(baseRef)) return false;
  if (isAllThere(await git(["cherry", baseRef, tip], here))) return true;
  // Squashed: the whole branch as one change, compared with each commit of the base.
  const fork = (await tryGit(["merge-base", baseRef, tip], here)).stdout.trim();
  if (fork === "") return false;
  const squashed = (
    await git(["commit-tree", `${tip}^{tree}`, "-p", fork, "-m", "squashed"], here)
  ).trim();
  return isAllThere(await git(["cherry", baseRef, squashed], here));
}

/** `git cherry` marks with a minus what the upstream holds as another commit, and leaves out merges. */
function isAllThere(cherry: string): boolean {
  const marked = cherry.split("\n").filter((line) => line !== "");
  return marked.length > 0 && marked.every((line) => line.startsWith("- "));
}
