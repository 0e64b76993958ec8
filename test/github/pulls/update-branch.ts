import type { Account } from "../account.ts";
import { git } from "../git/git.ts";
import { pushed, refsOf } from "../git/pushed.ts";
import { inTurn } from "../git/turn.ts";
import { Refusal } from "../http/refusal.ts";
import type { Pull } from "../issue.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";
import { isUpToDate, mergedTree } from "./trial-merge.ts";

/** Merges the base into the head. */
export async function updateBranch(
  world: World,
  repository: Repository,
  pull: Pull,
  by: Account,
): Promise<void> {
  return inTurn(repository, async () => {
    if (await isUpToDate(repository, pull))
      throw new Refusal(422, "There are no new commits on the base branch.");
    const tree = await mergedTree(repository, pull);
    if (tree === undefined) throw new Refusal(422, "merge conflict between base and head");
    const before = await refsOf(repository);
    const parents = ["-p", pull.headSha, "-p", `refs/heads/${pull.base}`];
    const message = `Merge branch '${pull.base}' into ${pull.headBranch}`;
    const sha = await git(repository, ["commit-tree", tree, ...parents, "-m", message]);
    await git(repository, ["update-ref", `refs/heads/${pull.headBranch}`, sha]);
    await pushed(world, repository, before, by);
  });
}
