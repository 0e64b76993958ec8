import type { Account } from "../account.ts";
import { branchSha } from "../git/commit-facts.ts";
import { git, tryGit } from "../git/git.ts";
import { pushed, refsOf } from "../git/pushed.ts";
import { inTurn } from "../git/turn.ts";
import { Refusal } from "../http/refusal.ts";
import type { Issue, MergeMethod, Pull } from "../issue.ts";
import type { Repository } from "../repository.ts";
import { rulesOf } from "../repository.ts";
import type { World } from "../world.ts";
import { unmet } from "./requirements.ts";
import { markMerged } from "./synchronize.ts";
import { mergedTree } from "./trial-merge.ts";

export interface Merge {
  readonly method: MergeMethod;
  /** Expected head. */
  readonly sha: string | undefined;
  readonly title: string | undefined;
  readonly message: string | undefined;
}

/** Merges as asked, or refuses as GitHub does: 405 for what is not ready, 409 for a head that moved. Returns the commit. */
export async function mergePull(
  world: World,
  repository: Repository,
  issue: Issue,
  by: Account,
  merge: Merge,
  at: number,
): Promise<string> {
  return inTurn(repository, async () => {
    const { pull } = issue;
    if (pull === undefined) throw new Refusal(404, "Not Found");
    await refuse(repository, issue, pull, merge, at);
    const before = await refsOf(repository);
    const sha = await commitOf(repository, issue, pull, by, merge);
    await git(repository, ["update-ref", `refs/heads/${pull.base}`, sha]);
    markMerged(world, repository, issue, pull, by, sha, at);
    if (repository.settings.deleteBranchOnMerge)
      await tryGit(repository, ["update-ref", "-d", `refs/heads/${pull.headBranch}`]);
    await pushed(world, repository, before, by);
    return sha;
  });
}

async function refuse(
  repository: Repository,
  { state }: Issue,
  pull: Pull,
  { method, sha }: Merge,
  now: number,
): Promise<void> {
  const { settings } = repository;
  const allowed: Record<MergeMethod, [boolean, string]> = {
    merge: [settings.allowMergeCommit, "Merge commits are not allowed on this repository."],
    squash: [settings.allowSquashMerge, "Squash merges are not allowed on this repository."],
    rebase: [settings.allowRebaseMerge, "Rebase merges are not allowed on this repository."],
  };
  const [isAllowed, why] = allowed[method];
  if (!isAllowed) throw new Refusal(405, why);
  if (state !== "open" || pull.mergedAt !== undefined)
    throw new Refusal(405, "Pull Request is not mergeable");
  if (sha !== undefined && sha !== pull.headSha)
    throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
  if (pull.draft) throw new Refusal(405, "Pull Request is still a draft");
  if (pull.mergeable !== true) throw new Refusal(405, "Pull Request is not mergeable");
  if (rulesOf(repository, pull.base).some(({ mergeQueue }) => mergeQueue))
    throw new Refusal(
      405,
      "Repository rule violations found\n\nChanges must be made through the merge queue\n\n",
    );
  const [reason] = await unmet(repository, pull, now);
  if (reason !== undefined) throw new Refusal(405, reason);
}

async function commitOf(
  repository: Repository,
  { number, title: pullTitle }: Issue,
  pull: Pull,
  by: Account,
  { method, title, message = "" }: Merge,
): Promise<string> {
  const base = await branchSha(repository, pull.base);
  const tree = await mergedTree(repository, pull);
  if (base === undefined || tree === undefined)
    throw new Refusal(405, "Pull Request is not mergeable");
  const env = {
    GIT_AUTHOR_NAME: by.login,
    GIT_AUTHOR_EMAIL: `${by.id}+${by.login}@users.noreply.github.com`,
  };
  if (method === "rebase") return rebase(repository, base, pull);
  const subject =
    title ??
    (method === "merge"
      ? `Merge pull request #${number} from ${repository.owner.login}/${pull.headBranch}`
      : `${pullTitle} (#${number})`);
  const parents = method === "merge" ? ["-p", base, "-p", pull.headSha] : ["-p", base];
  return git(
    repository,
    ["commit-tree", tree, ...parents, "-m", `${subject}\n\n${message}`.trim()],
    { env },
  );
}

/** Each commit again on top of the base. */
async function rebase(repository: Repository, base: string, pull: Pull): Promise<string> {
  const listed = await git(repository, [
    "rev-list",
    "--reverse",
    "--no-merges",
    `${base}..${pull.headSha}`,
  ]);
  let onto = base;
  for (const sha of listed.split("\n").filter((one) => one !== "")) {
    // What is there already, as if it had been made on top of the commit's parent: so that this is where both part.
    const there = await git(repository, [
      "commit-tree",
      `${onto}^{tree}`,
      "-p",
      `${sha}^`,
      "-m",
      "x",
    ]);
    const args = ["merge-tree", "--write-tree", there, sha];
    const tree = (await tryGit(repository, args))?.split("\n")[0];
    if (tree === undefined) throw new Refusal(405, "This branch can't be rebased");
    const message = await git(repository, ["show", "-s", "--format=%B", sha]);
    onto = await git(repository, ["commit-tree", tree, "-p", onto, "-m", message]);
  }
  return onto;
}
