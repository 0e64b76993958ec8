import type { RepositoryCall } from "../http/call.ts";
import { param } from "../http/call.ts";
import { Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import { fullName, rulesOf } from "../repository.ts";

/** What a branch requires: by rulesets, and by classic protection. */
export const branchRuleRoutes: Route[] = [
  repositoryRoute("GET /rules/branches/{branch}", "metadata=read", (call) => ({
    body: rulesOf(call.repository, param(call, "branch")).flatMap((ruleset) => {
      const source = {
        ruleset_source_type: "Repository",
        ruleset_source: fullName(call.repository),
        ruleset_id: ruleset.id,
      };
      const { contexts, strict, pullRequestsOnly, mergeQueue } = ruleset;
      return [
        ...(contexts.length > 0
          ? [
              {
                type: "required_status_checks",
                parameters: {
                  strict_required_status_checks_policy: strict,
                  do_not_enforce_on_create: false,
                  required_status_checks: contexts.map(({ context, appId }) => ({
                    context,
                    ...(appId !== undefined && { integration_id: appId }),
                  })),
                },
                ...source,
              },
            ]
          : []),
        ...(pullRequestsOnly
          ? [{ type: "pull_request", parameters: pullRequestRule, ...source }]
          : []),
        ...(mergeQueue ? [{ type: "merge_queue", parameters: queueRule, ...source }] : []),
      ];
    }),
  })),
  repositoryRoute("GET /branches/{branch}/protection", "administration=read", (call) => {
    const name = param(call, "branch");
    const protection = call.repository.protection.get(name);
    if (protection === undefined) throw new Refusal(404, "Branch not protected");
    const url = `${call.site.api}/repos/${fullName(call.repository)}/branches/${name}/protection`;
    return {
      body: {
        url,
        ...(protection.contexts.length > 0 && {
          required_status_checks: requiredChecks(call, name),
        }),
        enforce_admins: { url: `${url}/enforce_admins`, enabled: false },
      },
    };
  }),
  repositoryRoute(
    "GET /branches/{branch}/protection/required_status_checks",
    "administration=read",
    (call) => {
      const name = param(call, "branch");
      const { contexts = [] } = call.repository.protection.get(name) ?? {};
      if (!call.repository.protection.has(name)) throw new Refusal(404, "Branch not protected");
      if (contexts.length === 0) throw new Refusal(404, "Required status checks not enabled");
      return { body: requiredChecks(call, name) };
    },
  ),
];

const pullRequestRule = {
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_approving_review_count: 0,
  required_review_thread_resolution: false,
};

const queueRule = {
  check_response_timeout_minutes: 60,
  grouping_strategy: "ALLGREEN",
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  merge_method: "MERGE",
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
};

function requiredChecks(call: RepositoryCall, name: string) {
  const { contexts = [], strict = false } = call.repository.protection.get(name) ?? {};
  const url = `${call.site.api}/repos/${fullName(call.repository)}/branches/${name}/protection/required_status_checks`;
  const checks = contexts.map((context) => ({ context, app_id: null }));
  return { url, strict, contexts, contexts_url: `${url}/contexts`, checks };
}
