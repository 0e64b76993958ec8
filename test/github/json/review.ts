import type { Issue, Review, ReviewComment } from "../issue.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import { accountJson } from "./account.ts";
import { association } from "./association.ts";
import type { Site } from "./site.ts";
import { iso, nodeId } from "./site.ts";

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
