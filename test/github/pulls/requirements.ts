import type { Pull } from "../issue.ts";
import { checkRunsOf } from "../json/check.ts";
import type { Repository } from "../repository.ts";
import { rulesOf } from "../repository.ts";
import { isUpToDate } from "./trial-merge.ts";

/** Why the base does not take this pull request yet; empty when it does. Conflicts are not looked at. */
export async function unmet(repository: Repository, pull: Pull, now: number): Promise<string[]> {
  const classic = repository.protection.get(pull.base);
  const reasons = unmetChecks(repository, pull.base, pull.headSha, now);
  const approved = new Set(
    pull.reviews.filter(({ state }) => state === "APPROVED").map(({ author }) => author.login),
  );
  if (approved.size < (classic?.approvals ?? 0))
    reasons.push(
      `At least ${classic?.approvals} approving review is required by reviewers with write access.`,
    );
  const strict =
    classic?.strict === true || rulesOf(repository, pull.base).some((one) => one.strict);
  if (strict && !(await isUpToDate(repository, pull)))
    reasons.push("The head branch is not up to date with the base branch.");
  return reasons;
}

/** Of the checks that the base requires: which the commit lacks. */
export function unmetChecks(
  repository: Repository,
  base: string,
  sha: string,
  now: number,
): string[] {
  const required = new Set([
    ...(repository.protection.get(base)?.contexts ?? []),
    ...rulesOf(repository, base).flatMap(({ contexts }) => contexts.map(({ context }) => context)),
  ]);
  const reasons: string[] = [];
  for (const context of required) {
    const checks = checkRunsOf(repository, sha, now).filter(({ name }) => name === context);
    const status = repository.statuses.findLast(
      (one) => one.sha === sha && one.context === context,
    );
    const check = checks.at(-1);
    if (check === undefined && status === undefined)
      reasons.push(`Required status check "${context}" is expected.`);
    else if (check !== undefined && check.status !== "completed")
      reasons.push(`Required status check "${context}" is in progress.`);
    else if (check !== undefined && !passing.includes(check.conclusion ?? ""))
      reasons.push(`Required status check "${context}" is failing.`);
    else if (status !== undefined && status.state !== "success")
      reasons.push(
        `Required status check "${context}" is ${status.state === "pending" ? "pending" : "failing"}.`,
      );
  }
  return reasons;
}

const passing = ["success", "neutral", "skipped"];

/** As GitHub sums it up. */
export async function mergeableState(
  repository: Repository,
  pull: Pull,
  now: number,
): Promise<string> {
  if (pull.mergeable === undefined || now < pull.mergeableFrom) return "unknown";
  if (!pull.mergeable) return "dirty";
  if (pull.draft) return "draft";
  const reasons = await unmet(repository, pull, now);
  if (reasons.some((reason) => reason.startsWith("The head branch"))) return "behind";
  if (reasons.length > 0) return "blocked";
  const isGood = checkRunsOf(repository, pull.headSha, now).every(({ conclusion }) =>
    passing.includes(conclusion ?? ""),
  );
  return isGood ? "clean" : "unstable";
}
