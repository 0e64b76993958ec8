import type { Account } from "../account.ts";
import type { Annotation, CheckStatus } from "../check.ts";
import type { CommitFacts } from "../git/commit-facts.ts";
import type { WorkflowFile } from "./workflow-file.ts";

/** A workflow file that GitHub has seen. */
export interface Workflow {
  readonly id: number;
  readonly path: string;
  name: string;
  state: "active" | "disabled_manually" | "disabled_inactivity";
  readonly createdAt: number;
  runs: number;
}

/** A run keeps its id over its attempts. */
export interface Run {
  readonly id: number;
  readonly number: number;
  readonly suiteId: number;
  readonly workflow: Workflow;
  readonly file: WorkflowFile;
  readonly event: string;
  readonly sha: string;
  readonly commit: CommitFacts;
  readonly branch: string;
  readonly title: string;
  readonly actor: Account;
  readonly pullNumber: number | undefined;
  /** What the workflow sees as `github.ref`. */
  readonly ref: string;
  readonly createdAt: number;
  updatedAt: number;
  concurrency: string | undefined;
  /** Times at which the listings do not show it. */
  readonly hidden: readonly (readonly [from: number, to: number])[];
  /** Newest last. */
  readonly attempts: Attempt[];
  logs: "kept" | "deleted" | "expired";
}

export interface Attempt {
  readonly number: number;
  readonly by: Account;
  readonly startedAt: number;
  status: CheckStatus;
  conclusion: string | undefined;
  readonly jobs: Job[];
}

export interface Job {
  /** Also the id of its check run. */
  readonly id: number;
  /** In the workflow file. */
  readonly key: string;
  readonly name: string;
  readonly attempt: number;
  readonly matrix: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  status: CheckStatus;
  conclusion: string | undefined;
  startedAt: number | undefined;
  completedAt: number | undefined;
  steps: Step[];
  annotations: Annotation[];
  /** Ends what a really executed job runs. */
  stop: (() => void) | undefined;
}

export interface Step {
  readonly number: number;
  readonly name: string;
  readonly conclusion: string;
  readonly startedAt: number;
  readonly completedAt: number;
  /** Lines with their time stamps, as the download has them. */
  readonly log: string;
}

export function latest(run: Run): Attempt {
  return run.attempts.at(-1)!;
}

export function isHidden(run: Run, now: number): boolean {
  return run.hidden.some(([from, to]) => from <= now && now < to);
}
