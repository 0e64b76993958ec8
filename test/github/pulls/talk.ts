import type { Account } from "../account.ts";
import type { Comment, Issue, Pull, Review, ReviewComment } from "../issue.ts";
import { commentJson, issueJson, labelJson } from "../json/issue.ts";
import { pullJson } from "../json/pull.ts";
import { reviewCommentJson, reviewJson } from "../json/review.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";

/** A comment below an issue or a pull request. */
export function addComment(
  world: World,
  repository: Repository,
  issue: Issue,
  author: Account,
  body: string,
  at: number,
): Comment {
  const comment = { id: world.nextId(), author, body, createdAt: at, updatedAt: at };
  issue.comments.push(comment);
  issue.updatedAt = at;
  world.emit({
    name: "issue_comment",
    repository,
    sender: author,
    payload: (site) => ({
      action: "created",
      issue: issueJson(site, repository, issue),
      comment: commentJson(site, repository, issue, comment),
    }),
  });
  return comment;
}

/** A review, with its comments on lines. */
export function addReview(
  world: World,
  repository: Repository,
  issue: Issue,
  pull: Pull,
  given: Pick<Review, "author" | "body" | "state">,
  comments: readonly { path: string; line?: number; body: string }[],
  at: number,
): Review {
  const review: Review = { id: world.nextId(), sha: pull.headSha, submittedAt: at, ...given };
  pull.reviews.push(review);
  issue.updatedAt = at;
  for (const { path, line, body } of comments)
    addReviewComment(world, repository, issue, pull, {
      path,
      line,
      body,
      author: given.author,
      reviewId: review.id,
      replyTo: undefined,
      at,
    });
  world.emit({
    name: "pull_request_review",
    repository,
    sender: given.author,
    payload: (site) => ({
      action: "submitted",
      review: {
        ...reviewJson(site, repository, issue, review),
        state: review.state.toLowerCase(),
      },
      pull_request: pullJson(site, repository, issue),
    }),
  });
  return review;
}

export function addReviewComment(
  world: World,
  repository: Repository,
  issue: Issue,
  pull: Pull,
  {
    at,
    ...given
  }: Pick<ReviewComment, "author" | "body" | "path" | "line" | "reviewId" | "replyTo"> & {
    at: number;
  },
): ReviewComment {
  const comment: ReviewComment = {
    id: world.nextId(),
    sha: pull.headSha,
    createdAt: at,
    updatedAt: at,
    ...given,
  };
  pull.reviewComments.push(comment);
  issue.updatedAt = at;
  world.emit({
    name: "pull_request_review_comment",
    repository,
    sender: given.author,
    payload: (site) => ({
      action: "created",
      comment: reviewCommentJson(site, repository, issue, comment),
      pull_request: pullJson(site, repository, issue),
    }),
  });
  return comment;
}

/** Labels that the repository does not have are made. */
export function addLabels(
  world: World,
  repository: Repository,
  issue: Issue,
  names: readonly string[],
  sender: Account,
): void {
  for (const name of names) {
    if (issue.labels.includes(name)) continue;
    const known = repository.labels.find((one) => one.name === name);
    const label = known ?? { id: world.nextId(), name, color: "ededed", description: undefined };
    if (known === undefined) repository.labels.push(label);
    issue.labels.push(name);
    noteLabel(world, issue, name, "labeled", sender);
    world.emit({
      name: issue.pull === undefined ? "issues" : "pull_request",
      repository,
      sender,
      payload: (site) => ({
        action: "labeled",
        label: labelJson(site, repository, label),
        ...(issue.pull === undefined
          ? { issue: issueJson(site, repository, issue) }
          : { number: issue.number, pull_request: pullJson(site, repository, issue) }),
      }),
    });
  }
}

/** Nothing where the issue does not have it. */
export function removeLabel(world: World, issue: Issue, name: string, by: Account): void {
  if (!issue.labels.includes(name)) return;
  issue.labels = issue.labels.filter((one) => one !== name);
  noteLabel(world, issue, name, "unlabeled", by);
}

function noteLabel(
  world: World,
  issue: Issue,
  label: string,
  kind: "labeled" | "unlabeled",
  by: Account,
): void {
  const at = world.schedule.now();
  issue.updatedAt = at;
  issue.events.push({ id: world.nextId(), kind, label, by, at });
}
