import type { Account } from "../account.ts";
import type { Comment, Issue, Label, Review, ReviewComment } from "../issue.ts";
import type { Repository } from "../repository.ts";
import { fullName, roleOf } from "../repository.ts";
import { accountJson } from "./account.ts";
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
    head: side(pull.headBranch, pull.headSha),
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

export function issueJson(site: Site, repository: Repository, issue: Issue) {
  const { id, number, author, title, body, state, pull } = issue;
  const repo = `${site.api}/repos/${fullName(repository)}`;
  const url = `${repo}/issues/${number}`;
  const html = `${site.html}/${fullName(repository)}/${pull === undefined ? "issues" : "pull"}/${number}`;
  return {
    id,
    node_id: nodeId("I", id),
    url,
    repository_url: repo,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    number,
    state,
    state_reason: state === "closed" ? "completed" : null,
    title,
    body: body ?? null,
    user: accountJson(site, author),
    labels: labelsJson(site, repository, issue),
    assignee: issue.assignees[0] === undefined ? null : accountJson(site, issue.assignees[0]),
    assignees: issue.assignees.map((one) => accountJson(site, one)),
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: issue.comments.length,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: iso(issue.closedAt),
    author_association: association(repository, author),
    ...(pull !== undefined && {
      draft: pull.draft,
      pull_request: {
        url: `${repo}/pulls/${number}`,
        html_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        merged_at: iso(pull.mergedAt),
      },
    }),
  };
}

export function labelJson(site: Site, repository: Repository, label: Label) {
  const { id, name, color, description } = label;
  return {
    id,
    node_id: nodeId("LA", id),
    url: `${site.api}/repos/${fullName(repository)}/labels/${encodeURIComponent(name)}`,
    name,
    color,
    default: false,
    description: description ?? null,
  };
}

export function labelsJson(site: Site, repository: Repository, { labels }: Issue) {
  return repository.labels
    .filter(({ name }) => labels.includes(name))
    .map((label) => labelJson(site, repository, label));
}

export function commentJson(site: Site, repository: Repository, issue: Issue, comment: Comment) {
  const repo = `${site.api}/repos/${fullName(repository)}`;
  const kind = issue.pull === undefined ? "issues" : "pull";
  return {
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    url: `${repo}/issues/comments/${comment.id}`,
    html_url: `${site.html}/${fullName(repository)}/${kind}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${repo}/issues/${issue.number}`,
    user: accountJson(site, comment.author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: association(repository, comment.author),
    performed_via_github_app: null,
  };
}

export function reviewJson(site: Site, repository: Repository, issue: Issue, review: Review) {
  const url = `${site.api}/repos/${fullName(repository)}/pulls/${issue.number}`;
  const html = `${site.html}/${fullName(repository)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId("PRR", review.id),
    user: accountJson(site, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: association(repository, review.author),
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: iso(review.submittedAt),
    commit_id: review.sha,
  };
}

export function reviewCommentJson(
  site: Site,
  repository: Repository,
  issue: Issue,
  comment: ReviewComment,
) {
  const repo = `${site.api}/repos/${fullName(repository)}`;
  const url = `${repo}/pulls/comments/${comment.id}`;
  const html = `${site.html}/${fullName(repository)}/pull/${issue.number}#discussion_r${comment.id}`;
  const pullUrl = `${repo}/pulls/${issue.number}`;
  const line = comment.line ?? 1;
  return {
    id: comment.id,
    node_id: nodeId("PRRC", comment.id),
    url,
    html_url: html,
    pull_request_url: pullUrl,
    pull_request_review_id: comment.reviewId ?? null,
    diff_hunk: "@@ -1 +1 @@",
    path: comment.path,
    position: line,
    original_position: line,
    line,
    original_line: line,
    start_line: null,
    original_start_line: null,
    start_side: null,
    side: "RIGHT",
    subject_type: "line",
    commit_id: comment.sha,
    original_commit_id: comment.sha,
    ...(comment.replyTo !== undefined && { in_reply_to_id: comment.replyTo }),
    user: accountJson(site, comment.author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: association(repository, comment.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
  };
}

/** What the author is to the repository. */
function association(repository: Repository, author: Account): string {
  if (author.login === repository.owner.login) return "OWNER";
  if (author.type === "Bot") return "NONE";
  const role = roleOf(author, repository);
  return repository.collaborators.has(author.login) && role !== "read" ? "COLLABORATOR" : "NONE";
}
