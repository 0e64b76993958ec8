import type { Account } from "./account.ts";

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  title: string;
  body: string | undefined;
  state: "open" | "closed";
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | undefined;
  labels: string[];
  assignees: Account[];
  readonly comments: Comment[];
  /** Who set and took labels, oldest first; of all that GitHub tells of an issue, this alone. */
  readonly events: IssueEvent[];
  /** Of a pull request. */
  readonly pull: Pull | undefined;
}

export interface IssueEvent {
  readonly id: number;
  readonly kind: "labeled" | "unlabeled";
  readonly label: string;
  readonly by: Account;
  readonly at: number;
}

export interface Pull {
  readonly id: number;
  /** A branch of the same repository, or of a fork. */
  readonly headBranch: string;
  readonly headRepositoryId: number;
  headSha: string;
  base: string;
  /** The base when last looked at, by a push or at the opening. */
  baseSha: string;
  draft: boolean;
  reviewers: Account[];
  teams: string[];
  mergedAt: number | undefined;
  mergedBy: Account | undefined;
  /** Of the merge, or of the trial merge that runs of `pull_request` check out. */
  mergeSha: string | undefined;
  /** Undefined once it is merged. */
  mergeable: boolean | undefined;
  /** Until then nobody is told. */
  mergeableFrom: number;
  autoMerge: { by: Account; method: MergeMethod } | undefined;
  /** In the merge queue: who wants it there, its place among those that wait, and, once it is its turn, the commit that would be the new base. */
  queued: { by: Account; turn: number; sha: string | undefined } | undefined;
  /** Why it was last taken out of the queue: `FAILED_CHECKS`, say. */
  dequeued: string | undefined;
  readonly reviews: Review[];
  readonly reviewComments: ReviewComment[];
}

export type MergeMethod = "merge" | "squash" | "rebase";

export interface Comment {
  readonly id: number;
  readonly author: Account;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
}

export interface ReviewComment extends Comment {
  readonly path: string;
  readonly line: number | undefined;
  readonly sha: string;
  readonly reviewId: number | undefined;
  readonly replyTo: number | undefined;
}

export interface Review {
  readonly id: number;
  readonly author: Account;
  body: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  readonly sha: string;
  readonly submittedAt: number;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | undefined;
}
