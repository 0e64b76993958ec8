import type { Account } from "./account.ts";
import type { App } from "./token.ts";

/** Made by an app other than Actions; a job of Actions is shown as one, too. */
export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly sha: string;
  readonly suiteId: number;
  readonly app: Pick<
    App,
    "id" | "slug" | "name" | "clientId" | "owner" | "createdAt" | "permissions"
  >;
  status: CheckStatus;
  conclusion: string | undefined;
  startedAt: number | undefined;
  completedAt: number | undefined;
  detailsUrl: string | undefined;
  externalId: string;
  output: { title: string | undefined; summary: string | undefined; text: string | undefined };
  annotations: Annotation[];
}

export type CheckStatus =
  | "queued"
  | "in_progress"
  | "completed"
  | "waiting"
  | "requested"
  | "pending";

export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine?: number;
  readonly level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title?: string;
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly description: string | undefined;
  readonly targetUrl: string | undefined;
  readonly creator: Account;
  readonly createdAt: number;
}
