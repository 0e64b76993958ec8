import type { Account } from "../account.ts";
import type { Issue, Pull } from "../issue.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";

/** With the next number of the repository; issues and pull requests share them. */
export function newIssue(
  world: World,
  repository: Repository,
  author: Account,
  title: string,
  body: string | undefined,
  pull: Pull | undefined,
  at: number,
): Issue {
  const issue: Issue = {
    id: world.nextId(),
    number: repository.issues.length + 1,
    author,
    title,
    body,
    pull,
    state: "open",
    createdAt: at,
    updatedAt: at,
    closedAt: undefined,
    labels: [],
    assignees: [],
    comments: [],
    events: [],
  };
  repository.issues.push(issue);
  return issue;
}
