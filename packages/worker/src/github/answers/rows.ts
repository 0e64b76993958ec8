import type { CheckRun, CommitStatus, WorkflowRun } from "@ampx/core";
import { z } from "zod";
import { when } from "./when.ts";

const Run = z
  .object({
    id: z.int(),
    name: z.string().nullish(),
    workflow_id: z.int(),
    path: z.string().nullish(),
    event: z.string(),
    run_attempt: z.int().optional(),
    head_sha: z.string(),
    head_branch: z.string().nullish(),
    status: z.string().nullable(),
    conclusion: z.string().nullable(),
    check_suite_id: z.int().nullish(),
    html_url: z.string(),
    created_at: when,
    run_started_at: when.nullish(),
    updated_at: when,
  })
  .transform((run): WorkflowRun & { branch: string | null } => ({
    id: run.id,
    workflowId: run.workflow_id,
    name: run.name ?? run.path ?? `workflow ${run.workflow_id}`,
    path: run.path ?? "",
    event: run.event,
    attempt: run.run_attempt ?? 1,
    headSha: run.head_sha,
    branch: run.head_branch ?? null,
    status: run.status ?? "queued",
    conclusion: run.conclusion,
    suiteId: run.check_suite_id ?? null,
    url: run.html_url,
    createdAt: run.created_at,
    startedAt: run.run_started_at ?? run.created_at,
    updatedAt: run.updated_at,
  }));

export type ListedRun = z.output<typeof Run>;

export const RunList = z.object({ total_count: z.int(), workflow_runs: z.array(Run) });

const Check = z
  .object({
    id: z.int(),
    name: z.string(),
    head_sha: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    check_suite: z.object({ id: z.int() }).nullish(),
    app: z.object({ id: z.int(), slug: z.string().optional() }).nullish(),
    html_url: z.string().nullish(),
    started_at: when.nullish(),
    output: z
      .object({
        title: z.string().nullish(),
        summary: z.string().nullish(),
        text: z.string().nullish(),
      })
      .nullish(),
  })
  .transform((check): CheckRun & { output: string } => ({
    id: check.id,
    name: check.name,
    headSha: check.head_sha,
    status: check.status,
    conclusion: check.conclusion,
    suiteId: check.check_suite?.id ?? null,
    appId: check.app?.id ?? null,
    app: check.app?.slug ?? "",
    url: check.html_url ?? "",
    createdAt: check.started_at ?? null,
    output: [check.output?.title, check.output?.summary, check.output?.text]
      .filter((part) => typeof part === "string" && part !== "")
      .join("\n"),
  }));

export type ListedCheck = z.output<typeof Check>;

export const CheckList = z.object({ check_runs: z.array(Check) });

export const CombinedStatus = z
  .object({
    sha: z.string(),
    statuses: z.array(
      z.object({
        context: z.string(),
        state: z.string(),
        description: z.string().nullish(),
        target_url: z.string().nullish(),
        created_at: when,
      }),
    ),
  })
  .transform(
    ({ sha, statuses }): { sha: string; statuses: (CommitStatus & { description: string })[] } => ({
      sha,
      statuses: statuses.map(
        ({ context, state, description, target_url: url, created_at: createdAt }) => ({
          context,
          sha,
          state,
          url: url ?? "",
          createdAt,
          description: description ?? "",
        }),
      ),
    }),
  );
