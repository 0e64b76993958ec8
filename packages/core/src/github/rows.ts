import type { Instant, Sha } from "../scalars.ts";

/** One run of a workflow, as GitHub lists it: the newest attempt of this id. Words of GitHub's (`event`, `status`, `conclusion`) are open sets. */
export interface WorkflowRun {
  id: number;
  workflowId: number;
  name: string;
  /** The workflow's file, such as `.github/workflows/ci.yml`; empty when GitHub does not say. */
  path: string;
  event: string;
  /** 1, and one more for each re-run. */
  attempt: number;
  headSha: Sha;
  status: string;
  conclusion: string | null;
  /** The suite that its jobs' check runs belong to. */
  suiteId: number | null;
  url: string;
  createdAt: Instant;
  /** When this attempt began. */
  startedAt: Instant;
  updatedAt: Instant;
}

/** What an app, GitHub Actions included, says of a commit under one name. */
export interface CheckRun {
  id: number;
  name: string;
  headSha: Sha;
  status: string;
  conclusion: string | null;
  suiteId: number | null;
  appId: number | null;
  /** `github-actions` for the jobs of workflows. */
  app: string;
  url: string;
  createdAt: Instant | null;
}

/** What anybody may say of a commit under one name: the older way. */
export interface CommitStatus {
  context: string;
  sha: Sha;
  /** `success`, `pending`, `failure` or `error`. */
  state: string;
  url: string;
  createdAt: Instant;
}

/** A check that must pass before the base branch takes a change. */
export interface RequiredCheck {
  context: string;
  /** The app that must report it; null: any. */
  appId: number | null;
}
