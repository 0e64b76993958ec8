import type { CheckRun, CommitStatus, RequiredCheck, WorkflowRun } from "@ampx/core";
import { z } from "zod";

// What is read of GitHub's answers, and nothing more: its words are open sets, and fields that old servers lack are optional.

const when = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

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

export const JobList = z.object({
  jobs: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      html_url: z.string().nullish(),
      steps: z.array(z.object({ name: z.string(), conclusion: z.string().nullable() })).nullish(),
    }),
  ),
});
export type Job = z.output<typeof JobList>["jobs"][number];

export const Annotations = z.array(
  z.object({
    path: z.string().nullish(),
    start_line: z.int().nullish(),
    annotation_level: z.string().nullish(),
    title: z.string().nullish(),
    message: z.string().nullish(),
  }),
);

export const WorkflowList = z.object({
  workflows: z.array(z.object({ path: z.string(), state: z.string() })),
});

export const ActionsPermissions = z.object({ enabled: z.boolean() });

/** What the rules of a branch require. Rules of other kinds pass by. */
export const BranchRules = z
  .array(z.looseObject({ type: z.string(), parameters: z.unknown().optional() }))
  .transform((rules): { required: RequiredCheck[]; mergeQueue: boolean } => ({
    required: rules.flatMap((rule) => {
      const found = RequiredChecksRule.safeParse(rule);
      return found.success
        ? found.data.parameters.required_status_checks.map((check) => ({
            context: check.context,
            appId: check.integration_id ?? null,
          }))
        : [];
    }),
    mergeQueue: rules.some(({ type }) => type === "merge_queue"),
  }));

const RequiredChecksRule = z.object({
  type: z.literal("required_status_checks"),
  parameters: z.object({
    required_status_checks: z.array(
      z.object({ context: z.string(), integration_id: z.int().nullish() }),
    ),
  }),
});

export const Branch = z
  .object({
    commit: z.object({ sha: z.string() }),
    protection: z
      .object({
        required_status_checks: z
          .object({
            enforcement_level: z.string().optional(),
            contexts: z.array(z.string()).optional(),
            checks: z
              .array(z.object({ context: z.string(), app_id: z.int().nullish() }))
              .optional(),
          })
          .nullish(),
      })
      .nullish(),
  })
  .transform(({ commit, protection }): { sha: string; required: RequiredCheck[] } => {
    const checks = protection?.required_status_checks;
    if (checks === null || checks === undefined || checks.enforcement_level === "off")
      return { sha: commit.sha, required: [] };
    const required =
      checks.checks?.map(({ context, app_id: app }) => ({
        context,
        // GitHub writes "any app" as -1.
        appId: app === undefined || app === null || app < 0 ? null : app,
      })) ?? checks.contexts?.map((context) => ({ context, appId: null }));
    return { sha: commit.sha, required: required ?? [] };
  });

export const Repo = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.boolean().optional(),
  disabled: z.boolean().optional(),
  size: z.int().optional(),
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  allow_auto_merge: z.boolean().optional(),
  delete_branch_on_merge: z.boolean().optional(),
  permissions: z.record(z.string(), z.boolean()).optional(),
});
export type Repo = z.output<typeof Repo>;

export const Pull = z.object({
  number: z.int(),
  node_id: z.string().optional(),
  html_url: z.string(),
  state: z.string(),
  draft: z.boolean().optional(),
  title: z.string(),
  body: z.string().nullable(),
  merged_at: z.string().nullish(),
  /** Not null: GitHub merges it once it may. */
  auto_merge: z.looseObject({}).nullish(),
  head: z.object({ ref: z.string(), sha: z.string() }),
  base: z.object({ ref: z.string() }),
});
export type Pull = z.output<typeof Pull>;
export const Pulls = z.array(Pull);

/** What only the look at one pull request tells. `mergeable`: null while GitHub works it out. */
export const WholePull = Pull.extend({
  mergeable: z.boolean().nullish(),
  mergeable_state: z.string().nullish(),
  merged: z.boolean().nullish(),
});

/** `isPull`: GitHub numbers pull requests and issues alike, and shows both as issues. */
export const Issue = z
  .object({
    number: z.int(),
    title: z.string(),
    body: z.string().nullish(),
    html_url: z.string(),
    pull_request: z.unknown().optional(),
  })
  .transform(({ number, title, body, html_url: url, pull_request: pull }) => ({
    number,
    title,
    text: body ?? "",
    url,
    isPull: pull !== undefined && pull !== null,
  }));
export type Issue = z.output<typeof Issue>;

/** Where a pull request comes from. `repo` is null for a fork that is gone. */
export const Head = z.object({
  head: z.object({ ref: z.string(), repo: z.object({ id: z.int() }).nullish() }),
  base: z.object({ repo: z.object({ id: z.int() }) }),
});

/** Null for an account that is gone. */
const Author = z
  .object({ login: z.string(), type: z.string().optional() })
  .nullish()
  .transform((user) => (user ? { login: user.login, isBot: user.type === "Bot" } : null));

/** Below issues and pull requests alike; `issue` is the number of either. */
export const Comments = z.array(
  z
    .object({
      id: z.int(),
      body: z.string().nullish(),
      user: Author,
      html_url: z.string(),
      issue_url: z.string(),
      created_at: when,
    })
    .transform(({ id, body, user, html_url: url, issue_url: of, created_at: at }) => ({
      id,
      body: body ?? "",
      author: user,
      at,
      issue: Number(/\/issues\/(\d+)$/.exec(of)?.[1] ?? NaN),
      ofPull: /\/pull\/\d+#/.test(url),
    })),
);

/** What happened to issues. `label`: of the events that set or take one. */
export const IssueEvents = z.array(
  z
    .object({
      id: z.int(),
      event: z.string(),
      actor: Author,
      created_at: when,
      label: z.object({ name: z.string() }).nullish(),
      issue: Issue.nullish(),
    })
    .transform(({ id, event, actor, created_at: at, label, issue }) => ({
      id,
      event,
      by: actor,
      at,
      label: label?.name ?? null,
      issue: issue ?? null,
    })),
);

export const Permission = z.object({ permission: z.string(), role_name: z.string().optional() });

export const User = z.object({ login: z.string() });
export const Nothing = z.unknown();
