import type { RequiredCheck } from "@ampx/core";
import { z } from "zod";

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

export const Permission = z.object({ permission: z.string(), role_name: z.string().optional() });

export const User = z.object({ login: z.string() });
