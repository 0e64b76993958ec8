import type { Issue } from "../issue.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import { accountJson } from "./account.ts";
import { association } from "./association.ts";
import { labelsJson } from "./issue.ts";
import { repositoryJson } from "./repository.ts";
import type { Site } from "./site.ts";
import { iso, nodeId } from "./site.ts";

/** As in lists; a single one has more. Throws for an issue that is no pull request. */
export function pullJson(site: Site, repository: Repository, issue: Issue) {
  const { number, pull, author, title, body, state, createdAt, updatedAt, closedAt } = issue;
  if (pull === undefined) throw new Error(`#${number} is no pull request`);
  const repo = `${site.api}/repos/${fullName(repository)}`;
  const url = `${repo}/pulls/${number}`;
  const html = `${site.html}/${fullName(repository)}/pull/${number}`;
  const links = {
    self: url,
    html,
    issue: `${repo}/issues/${number}`,
    comments: `${repo}/issues/${number}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${repo}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${repo}/statuses/${pull.headSha}`,
  };
  const side = (ref: string, sha: string) => ({
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: accountJson(site, repository.owner),
    repo: repositoryJson(site, repository, "write"),
  });
  return {
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    number,
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: links.issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    state,
    locked: false,
    active_lock_reason: null,
    title,
    user: accountJson(site, author),
    body: body ?? null,
    labels: labelsJson(site, repository, issue),
    milestone: null,
    created_at: iso(createdAt),
    updated_at: iso(updatedAt),
    closed_at: iso(closedAt),
    merged_at: iso(pull.mergedAt),
    merge_commit_sha: pull.mergeSha ?? null,
    assignee: issue.assignees[0] === undefined ? null : accountJson(site, issue.assignees[0]),
    assignees: issue.assignees.map((one) => accountJson(site, one)),
    requested_reviewers: pull.reviewers.map((one) => accountJson(site, one)),
    requested_teams: [],
    // Forks are none of the repositories here, as if they had been deleted.
    head:
      pull.headRepositoryId === repository.id
        ? side(pull.headBranch, pull.headSha)
        : { ...side(pull.headBranch, pull.headSha), repo: null },
    base: side(pull.base, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([key, href]) => [key, { href }])),
    author_association: association(repository, author),
    draft: pull.draft,
    auto_merge:
      pull.autoMerge === undefined
        ? null
        : {
            enabled_by: accountJson(site, pull.autoMerge.by),
            merge_method: pull.autoMerge.method,
            commit_title: title,
            commit_message: "",
          },
  };
}
