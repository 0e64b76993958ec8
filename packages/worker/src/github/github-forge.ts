import type { ChangeText, Millis, RepositoryName, Sha } from "@ampx/core";
import type { Forge } from "../ports.ts";
import { answerOnGitHub } from "./answer.ts";
import type { GitHubClient } from "./client.ts";
import { gitHubMerge } from "./github-merge.ts";
import { gitHubPulls } from "./github-pulls.ts";
import { gitHubReads } from "./reads.ts";

export interface GitHubForgeOptions {
  client: GitHubClient;
  repository: RepositoryName;
  branch: string;
  base: string;
  /** Pull requests stay drafts until a person says otherwise. */
  draft: boolean;
  labels: readonly string[];
  reviewers: readonly string[];
  assignees: readonly string[];
  /** Null: what the repository allows, a merge commit first. */
  mergeMethod: "merge" | "squash" | "rebase" | null;
  /** Whether the branch goes once it is merged. */
  deleteBranch: boolean;
  /** Told when the base is there no more; makes the error that says so. */
  onBaseGone(): Error;
  /** Between two looks at a merge that is left to GitHub. */
  lookAgainMs: Millis;
}

/** GitHub as the place where changes are proposed and merged. */
export interface GitHubForge extends Forge {
  /** Opens the change as a draft, whatever is configured: it is not green yet. */
  openDraft(sha: Sha, text: ChangeText, signal: AbortSignal): Promise<{ url: string }>;
}

export function gitHubForge(options: GitHubForgeOptions): GitHubForge {
  const { client, repository, branch } = options;
  const reads = gitHubReads(client, repository);
  const pulls = gitHubPulls(options);
  return {
    findOrOpenChange: pulls.findOrOpenChange,
    openDraft: pulls.openDraft,
    ...gitHubMerge(options, pulls),

    async answer(comments, text, signal) {
      const [pull] = await reads.pullsOf(branch, "open", signal);
      if (pull === undefined) return;
      await answerOnGitHub({ client, repository, number: pull.number }, comments, text, signal);
    },
  };
}
