import type { Account } from "../account.ts";
import { branchSha } from "../git/commit-facts.ts";
import { git } from "../git/git.ts";
import { validationFailed } from "../http/refusal.ts";
import type { Issue } from "../issue.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";
import { newIssue } from "./new-issue.ts";
import { pullEvent } from "./pull-event.ts";
import { runForPull } from "./synchronize.ts";
import { tryToMerge } from "./trial-merge.ts";

export interface PullAsked {
  readonly title: string;
  readonly body: string | undefined;
  /** A branch; `owner:branch` of the same owner is that branch. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

/** Opens a pull request, or refuses with 422: no such branch, nothing to merge, one is open already. */
export async function openPull(
  world: World,
  repository: Repository,
  author: Account,
  { title, body, head, base, draft }: PullAsked,
  at: number,
): Promise<Issue> {
  const headBranch = head.replace(`${repository.owner.login}:`, "");
  const headSha = await branchSha(repository, headBranch);
  const baseSha = await branchSha(repository, base);
  const resource = "PullRequest";
  if (headSha === undefined) throw validationFailed({ resource, field: "head", code: "invalid" });
  if (baseSha === undefined) throw validationFailed({ resource, field: "base", code: "invalid" });
  if (openPullOf(repository, headBranch, base) !== undefined)
    throw validationFailed({
      resource,
      code: "custom",
      message: `A pull request already exists for ${repository.owner.login}:${headBranch}.`,
    });
  if ((await git(repository, ["rev-list", "--count", `${baseSha}..${headSha}`])) === "0")
    throw validationFailed({
      resource,
      code: "custom",
      message: `No commits between ${base} and ${headBranch}`,
    });

  const pull = {
    id: world.nextId(),
    headBranch,
    headRepositoryId: repository.id,
    headSha,
    base,
    baseSha,
    draft,
    reviewers: [],
    teams: [],
    mergedAt: undefined,
    mergedBy: undefined,
    mergeSha: undefined,
    mergeable: undefined,
    mergeableFrom: at,
    autoMerge: undefined,
    queued: undefined,
    dequeued: undefined,
    reviews: [],
    reviewComments: [],
  };
  const issue = newIssue(world, repository, author, title, body, pull, at);
  await tryToMerge(repository, issue, pull, at);
  world.emit(pullEvent(repository, issue, author, "opened"));
  await runForPull(world, repository, issue, "opened", author, at);
  return issue;
}

function openPullOf(repository: Repository, head: string, base: string): Issue | undefined {
  return repository.issues.find(
    ({ pull, state }) => state === "open" && pull?.headBranch === head && pull.base === base,
  );
}
