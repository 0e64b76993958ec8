import { repositoryKey } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { Head } from "../answers/index.ts";
import { gitHubAddressOf } from "../names.ts";
import { repositoryPath } from "../repository-path.ts";
import type { Heard } from "./heard.ts";
import type { InboxScope } from "./watch.ts";

/** The tasks of an issue, or of a pull request, newest first. */
export async function tasksHere(
  scope: InboxScope,
  { number, ofPull }: Pick<Heard, "number" | "ofPull">,
  signal: AbortSignal,
): Promise<TaskRow[]> {
  const branch = ofPull ? await branchOf(scope, number, signal) : null;
  if (ofPull && branch === null) return [];
  const isHere = ({ state: { task } }: TaskRow) =>
    ofPull ? task.branch === branch : task.issue === number;
  return (await tasksOfRepository(scope)).filter(isHere);
}

/** The branch that a pull request is of; null for one of a fork, where any branch may have the name of ours. */
async function branchOf(
  { connected, repository }: InboxScope,
  number: number,
  signal: AbortSignal,
): Promise<string | null> {
  const path = `${repositoryPath(repository)}/pulls/${number}`;
  const { head, base } = await connected.client.get(path, Head, { repository, signal });
  return head.repo?.id === base.repo.id ? head.ref : null;
}

async function tasksOfRepository(scope: InboxScope): Promise<TaskRow[]> {
  const { store, config, connected, repository } = scope;
  const { web } = connected.host;
  const here = repositoryKey(web, repository);
  const found: TaskRow[] = [];
  for (const repo of await store.reposSince(0)) {
    const address = gitHubAddressOf(repo, config.github);
    if (address === null || repositoryKey(web, address) !== here) continue;
    let cursor: string | undefined;
    do {
      const query = { repo, limit: 200, ...(cursor !== undefined && { cursor }) };
      const page = await store.listTasks(query);
      found.push(...page.tasks);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
  return found.toSorted((a, b) => (a.id < b.id ? 1 : -1));
}
