import { git } from "../git/git.ts";
import type { RepositoryCall } from "../http/call.ts";
import { numberParam, requiredText, text, texts } from "../http/call.ts";
import { page } from "../http/page.ts";
import { notFound, Refusal, validationFailed } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import type { Issue, MergeMethod, Pull } from "../issue.ts";
import { accountJson } from "../json/account.ts";
import { pullJson } from "../json/pull.ts";
import { mergePull } from "../pulls/merge.ts";
import { openPull } from "../pulls/open-pull.ts";
import { pullEvent } from "../pulls/pull-event.ts";
import { mergeableState } from "../pulls/requirements.ts";
import { closePull } from "../pulls/synchronize.ts";
import { tryToMerge } from "../pulls/trial-merge.ts";
import { updateBranch } from "../pulls/update-branch.ts";
import { accountNamed } from "../world.ts";

/** Pull requests, up to their merge. */
export const pullRoutes: Route[] = [
  repositoryRoute("GET /pulls", "pull_requests=read", (call) => {
    const { repository, query, site } = call;
    const state = query.get("state") ?? "open";
    const head = query.get("head");
    const base = query.get("base");
    const found = repository.issues.filter(({ pull, state: is }) => {
      if (pull === undefined || (state !== "all" && state !== is)) return false;
      const label = `${repository.owner.login}:${pull.headBranch}`;
      // Without an owner, or with an unknown one, GitHub does not filter by head.
      return (
        (head === null || !head.includes(":") || head === label) && [null, pull.base].includes(base)
      );
    });
    const sorted =
      query.get("sort") === "updated" ? found.toSorted((a, b) => a.updatedAt - b.updatedAt) : found;
    const { items, headers } = page(
      call,
      query.get("direction") === "asc" ? sorted : sorted.toReversed(),
    );
    return { body: items.map((issue) => pullJson(site, repository, issue)), headers };
  }),
  repositoryRoute("POST /pulls", "pull_requests=write", async (call) => {
    const { world, repository, account, body, now } = call;
    const asked = {
      title: requiredText(call, "title"),
      body: text(call, "body"),
      head: requiredText(call, "head"),
      base: requiredText(call, "base"),
      draft: body["draft"] === true,
    };
    const issue = await openPull(world, repository, account, asked, now);
    return { status: 201, body: await single(call, issue) };
  }),
  repositoryRoute("GET /pulls/{pull_number}", "pull_requests=read", async (call) => ({
    body: await single(call, pullOf(call).issue),
  })),
  repositoryRoute("PATCH /pulls/{pull_number}", "pull_requests=write", async (call) => {
    const { world, repository, account, now } = call;
    const { issue, pull } = pullOf(call);
    issue.title = text(call, "title") ?? issue.title;
    issue.body = text(call, "body") ?? issue.body;
    issue.updatedAt = now;
    const base = text(call, "base");
    if (base !== undefined && base !== pull.base) {
      pull.base = base;
      await tryToMerge(repository, issue, pull, now);
    }
    const state = text(call, "state");
    if (state === "closed" && issue.state === "open")
      closePull(world, repository, issue, account, now);
    if (state === "open" && issue.state === "closed") {
      if (pull.mergedAt !== undefined)
        throw validationFailed({ resource: "PullRequest", code: "custom", field: "state" });
      issue.state = "open";
      issue.closedAt = undefined;
    }
    world.emit(pullEvent(repository, issue, account, "edited"));
    return { body: await single(call, issue) };
  }),
  repositoryRoute("GET /pulls/{pull_number}/merge", "pull_requests=read", (call) => {
    if (pullOf(call).pull.mergedAt === undefined) throw notFound();
    return { status: 204 };
  }),
  repositoryRoute("PUT /pulls/{pull_number}/merge", "contents=write", async (call) => {
    const { world, repository, account, now } = call;
    const { issue } = pullOf(call);
    const method = text(call, "merge_method") ?? "merge";
    if (!isMethod(method)) throw new Refusal(422, "Invalid merge method");
    const merge = {
      method,
      sha: text(call, "sha"),
      title: text(call, "commit_title"),
      message: text(call, "commit_message"),
    };
    const sha = await mergePull(world, repository, issue, account, merge, now);
    return { body: { sha, merged: true, message: "Pull Request successfully merged" } };
  }),
  repositoryRoute("PUT /pulls/{pull_number}/update-branch", "pull_requests=write", async (call) => {
    const { issue, pull } = pullOf(call);
    const expected = text(call, "expected_head_sha");
    if (expected !== undefined && expected !== pull.headSha)
      throw new Refusal(422, "expected head sha didn’t match current head ref.");
    await updateBranch(call.world, call.repository, pull, call.account);
    const url = pullJson(call.site, call.repository, issue).url;
    return { status: 202, body: { message: "Updating pull request branch.", url } };
  }),
  repositoryRoute(
    "POST /pulls/{pull_number}/requested_reviewers",
    "pull_requests=write",
    (call) => {
      const { repository, world, site } = call;
      const { issue, pull } = pullOf(call);
      for (const login of texts(call, "reviewers") ?? []) {
        const reviewer = world.accounts.get(login.toLowerCase());
        const mayReview =
          reviewer !== undefined &&
          (repository.collaborators.has(login) || reviewer === repository.owner);
        if (!mayReview || reviewer === issue.author)
          throw new Refusal(
            422,
            "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.",
          );
        if (!pull.reviewers.includes(reviewer)) pull.reviewers.push(reviewer);
      }
      pull.teams.push(...(texts(call, "team_reviewers") ?? []));
      return { status: 201, body: pullJson(site, repository, issue) };
    },
  ),
];

export function pullOf(call: RepositoryCall): { issue: Issue; pull: Pull } {
  const number = numberParam(call, "pull_number");
  const issue = call.repository.issues.find((one) => one.number === number);
  if (issue?.pull === undefined) throw notFound();
  return { issue, pull: issue.pull };
}

/** What only the answer about a single one has. */
async function single({ site, repository, now, world }: RepositoryCall, issue: Issue) {
  const { pull } = issue;
  if (pull === undefined) throw notFound();
  const isKnown = now >= pull.mergeableFrom;
  const range = `${pull.baseSha}...${pull.headSha}`;
  const stat = await git(repository, ["diff", "--numstat", range]);
  const lines = stat
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t").map(Number));
  const sum = (column: number) => lines.reduce((total, line) => total + (line[column] || 0), 0);
  const commits = await git(repository, [
    "rev-list",
    "--count",
    `${pull.baseSha}..${pull.headSha}`,
  ]);
  const by =
    pull.mergedBy === undefined
      ? null
      : accountJson(site, accountNamed(world, pull.mergedBy.login));
  return {
    ...pullJson(site, repository, issue),
    merged: pull.mergedAt !== undefined,
    mergeable: isKnown ? (pull.mergeable ?? null) : null,
    rebaseable: isKnown ? (pull.mergeable ?? null) : null,
    mergeable_state: await mergeableState(repository, pull, now),
    merged_by: by,
    comments: issue.comments.length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: false,
    commits: Number(commits),
    additions: sum(0),
    deletions: sum(1),
    changed_files: lines.length,
  };
}

function isMethod(method: string): method is MergeMethod {
  return ["merge", "squash", "rebase"].includes(method);
}
