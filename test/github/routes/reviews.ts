import type { RepositoryCall } from "../http/call.ts";
import { numberParam, requiredText, text } from "../http/call.ts";
import { page } from "../http/page.ts";
import { notFound, validationFailed } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import { reviewCommentJson, reviewJson } from "../json/review.ts";
import { addReview, addReviewComment } from "../pulls/talk.ts";
import { pullOf } from "./pulls.ts";

/** Reviews of pull requests, and their comments on lines. */
export const reviewRoutes: Route[] = [
  repositoryRoute("GET /pulls/{pull_number}/reviews", "pull_requests=read", (call) => {
    const { issue, pull } = pullOf(call);
    const { items, headers } = page(call, pull.reviews);
    return {
      body: items.map((one) => reviewJson(call.site, call.repository, issue, one)),
      headers,
    };
  }),
  repositoryRoute("POST /pulls/{pull_number}/reviews", "pull_requests=write", (call) => {
    const { issue, pull } = pullOf(call);
    const event = text(call, "event") ?? "COMMENT";
    const state = reviewStates[event];
    if (state === undefined || (state !== "COMMENTED" && call.account === issue.author))
      throw validationFailed("Can not request changes on your own pull request");
    const given = { author: call.account, body: text(call, "body") ?? "", state };
    const review = addReview(
      call.world,
      call.repository,
      issue,
      pull,
      given,
      commentsOf(call),
      call.now,
    );
    return { body: reviewJson(call.site, call.repository, issue, review) };
  }),
  repositoryRoute("GET /pulls/{pull_number}/comments", "pull_requests=read", (call) => {
    const { issue, pull } = pullOf(call);
    const since = Date.parse(call.query.get("since") ?? "1970-01-01");
    const { items, headers } = page(
      call,
      pull.reviewComments.filter((one) => one.updatedAt >= since),
    );
    return {
      body: items.map((one) => reviewCommentJson(call.site, call.repository, issue, one)),
      headers,
    };
  }),
  repositoryRoute("GET /pulls/comments", "pull_requests=read", (call) => {
    const { repository, query, site } = call;
    const since = Date.parse(query.get("since") ?? "1970-01-01");
    const all = repository.issues
      .flatMap((issue) => (issue.pull?.reviewComments ?? []).map((comment) => ({ issue, comment })))
      .filter(({ comment }) => comment.updatedAt >= since);
    const { items, headers } = page(call, all);
    return {
      body: items.map(({ issue, comment }) => reviewCommentJson(site, repository, issue, comment)),
      headers,
    };
  }),
  repositoryRoute(
    "POST /pulls/{pull_number}/comments/{comment_id}/replies",
    "pull_requests=write",
    (call) => {
      const { issue, pull } = pullOf(call);
      const to = pull.reviewComments.find(({ id }) => id === numberParam(call, "comment_id"));
      if (to === undefined) throw notFound();
      const given = {
        author: call.account,
        body: requiredText(call, "body"),
        path: to.path,
        line: to.line,
        reviewId: to.reviewId,
        replyTo: to.replyTo ?? to.id,
        at: call.now,
      };
      const comment = addReviewComment(call.world, call.repository, issue, pull, given);
      return { status: 201, body: reviewCommentJson(call.site, call.repository, issue, comment) };
    },
  ),
];

const reviewStates: Record<string, "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED"> = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
};

function commentsOf({ body }: RepositoryCall) {
  const given = body["comments"];
  if (!Array.isArray(given)) return [];
  return given.map(({ path, line, body: said }: Record<string, unknown>) => ({
    path: String(path),
    body: String(said),
    ...(typeof line === "number" && { line }),
  }));
}
