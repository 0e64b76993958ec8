import { hiddenMark, UserError, type Task, type RepositoryName } from "@ampx/core";
import type { TaskIssue } from "../ports.ts";
import { Issue } from "./answers/index.ts";
import type { GitHubClient } from "./client.ts";
import { repositoryPath } from "./repository-path.ts";
import { sayOnce } from "./say-once.ts";

export interface GitHubIssueOptions {
  client: GitHubClient;
  repository: RepositoryName;
  number: number;
  task: Pick<Task, "id" | "createdAt">;
}

/** An issue on GitHub as the thing that a task is for. */
export function gitHubIssue({ client, repository, number, task }: GitHubIssueOptions): TaskIssue {
  return {
    async read(signal) {
      const path = `${repositoryPath(repository)}/issues/${number}`;
      const found = await client.get(path, Issue, { repository, signal });
      if (found.isPull)
        throw new UserError(`#${number} is a pull request, not an issue`, {
          kind: "invalid",
          tryThis: "the number of the issue",
        });
      return { title: found.title, text: found.text };
    },

    tellBegun: (text, signal) =>
      sayOnce(
        { client, repository },
        { number, mark: hiddenMark(`task ${task.id}`), text, since: task.createdAt },
        signal,
      ),
  };
}
