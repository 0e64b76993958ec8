import type { Comment, Issue, IssueEvent, Label } from "../issue.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import { accountJson } from "./account.ts";
import { association } from "./association.ts";
import type { Site } from "./site.ts";
import { iso, nodeId } from "./site.ts";

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

export function issueEventJson(site: Site, repository: Repository, event: IssueEvent) {
  const { id, kind, label, by, at } = event;
  const { color = "ededed" } = repository.labels.find(({ name }) => name === label) ?? {};
  return {
    id,
    node_id: nodeId("LE", id),
    url: `${site.api}/repos/${fullName(repository)}/issues/events/${id}`,
    actor: accountJson(site, by),
    event: kind,
    commit_id: null,
    commit_url: null,
    created_at: iso(at),
    label: { name: label, color },
    performed_via_github_app: null,
  };
}
