import type { RepositoryCall } from "../http/call.ts";
import { numberParam, param, requiredText, text, texts } from "../http/call.ts";
import { page } from "../http/page.ts";
import { notFound } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import type { Comment, Issue } from "../issue.ts";
import { commentJson, issueEventJson, issueJson, labelsJson } from "../json/issue.ts";
import { newIssue } from "../pulls/new-issue.ts";
import { addComment, addLabels, removeLabel } from "../pulls/talk.ts";

const readBoth = "issues=read; pull_requests=read";
const writeBoth = "issues=write; pull_requests=write";

/** Issues, and what pull requests share with them: comments, labels, assignees. */
export const issueRoutes: Route[] = [
  repositoryRoute("GET /issues", readBoth, (call) => {
    const { repository, query, site } = call;
    const state = query.get("state") ?? "open";
    const labels = (query.get("labels") ?? "").split(",").filter((one) => one !== "");
    const since = Date.parse(query.get("since") ?? "1970-01-01");
    const found = repository.issues.filter(
      (one) =>
        (state === "all" || state === one.state) &&
        labels.every((label) => one.labels.includes(label)) &&
        one.updatedAt >= since,
    );
    const { items, headers } = page(call, found.toReversed());
    return { body: items.map((one) => issueJson(site, repository, one)), headers };
  }),
  repositoryRoute("POST /issues", "issues=write", (call) => {
    const { world, repository, account, site, now } = call;
    const issue = newIssue(
      world,
      repository,
      account,
      requiredText(call, "title"),
      text(call, "body"),
      undefined,
      now,
    );
    addLabels(world, repository, issue, texts(call, "labels") ?? [], account);
    return { status: 201, body: issueJson(site, repository, issue) };
  }),
  repositoryRoute("GET /issues/{issue_number}", readBoth, (call) => ({
    body: issueJson(call.site, call.repository, issueOf(call)),
  })),
  repositoryRoute("PATCH /issues/{issue_number}", writeBoth, (call) => {
    const issue = issueOf(call);
    issue.title = text(call, "title") ?? issue.title;
    issue.body = text(call, "body") ?? issue.body;
    const state = text(call, "state");
    if (state === "open" || state === "closed") {
      issue.state = state;
      issue.closedAt = state === "closed" ? call.now : undefined;
    }
    const labels = texts(call, "labels");
    if (labels !== undefined) {
      issue.labels = [];
      addLabels(call.world, call.repository, issue, labels, call.account);
    }
    issue.updatedAt = call.now;
    return { body: issueJson(call.site, call.repository, issue) };
  }),
  repositoryRoute("GET /issues/{issue_number}/comments", readBoth, (call) => {
    const issue = issueOf(call);
    const since = Date.parse(call.query.get("since") ?? "1970-01-01");
    const { items, headers } = page(
      call,
      issue.comments.filter(({ updatedAt }) => updatedAt >= since),
    );
    return {
      body: items.map((one) => commentJson(call.site, call.repository, issue, one)),
      headers,
    };
  }),
  repositoryRoute("GET /issues/comments", readBoth, (call) => {
    const { repository, query, site } = call;
    const since = Date.parse(query.get("since") ?? "1970-01-01");
    const all = repository.issues
      .flatMap((issue) => issue.comments.map((comment) => ({ issue, comment })))
      .filter(({ comment }) => comment.updatedAt >= since)
      .toSorted((a, b) => a.comment.id - b.comment.id);
    const { items, headers } = page(
      call,
      query.get("direction") === "desc" ? all.toReversed() : all,
    );
    return {
      body: items.map(({ issue, comment }) => commentJson(site, repository, issue, comment)),
      headers,
    };
  }),
  repositoryRoute("POST /issues/{issue_number}/comments", writeBoth, (call) => {
    const issue = issueOf(call);
    const comment = addComment(
      call.world,
      call.repository,
      issue,
      call.account,
      requiredText(call, "body"),
      call.now,
    );
    return { status: 201, body: commentJson(call.site, call.repository, issue, comment) };
  }),
  repositoryRoute("GET /issues/comments/{comment_id}", readBoth, (call) => {
    const { issue, comment } = commentOf(call);
    return { body: commentJson(call.site, call.repository, issue, comment) };
  }),
  repositoryRoute("PATCH /issues/comments/{comment_id}", writeBoth, (call) => {
    const { issue, comment } = commentOf(call);
    comment.body = requiredText(call, "body");
    comment.updatedAt = call.now;
    return { body: commentJson(call.site, call.repository, issue, comment) };
  }),
  repositoryRoute("DELETE /issues/comments/{comment_id}", writeBoth, (call) => {
    const { issue, comment } = commentOf(call);
    issue.comments.splice(issue.comments.indexOf(comment), 1);
    return { status: 204 };
  }),
  repositoryRoute("GET /issues/events", readBoth, (call) => {
    const { repository, site } = call;
    const all = repository.issues
      .flatMap((issue) => issue.events.map((event) => ({ issue, event })))
      .toSorted((a, b) => b.event.id - a.event.id);
    const { items, headers } = page(call, all);
    return {
      body: items.map(({ issue, event }) => ({
        ...issueEventJson(site, repository, event),
        issue: issueJson(site, repository, issue),
      })),
      headers,
    };
  }),
  repositoryRoute("GET /issues/{issue_number}/events", readBoth, (call) => {
    const { items, headers } = page(call, issueOf(call).events);
    return {
      body: items.map((event) => issueEventJson(call.site, call.repository, event)),
      headers,
    };
  }),
  repositoryRoute("GET /issues/{issue_number}/labels", readBoth, (call) => ({
    body: labelsJson(call.site, call.repository, issueOf(call)),
  })),
  repositoryRoute("POST /issues/{issue_number}/labels", writeBoth, (call) => {
    const issue = issueOf(call);
    addLabels(call.world, call.repository, issue, texts(call, "labels") ?? [], call.account);
    return { body: labelsJson(call.site, call.repository, issue) };
  }),
  repositoryRoute("DELETE /issues/{issue_number}/labels/{name}", writeBoth, (call) => {
    const issue = issueOf(call);
    const name = param(call, "name");
    if (!issue.labels.includes(name)) throw notFound();
    removeLabel(call.world, issue, name, call.account);
    return { body: labelsJson(call.site, call.repository, issue) };
  }),
  repositoryRoute("POST /issues/{issue_number}/assignees", writeBoth, (call) => {
    const issue = issueOf(call);
    for (const login of texts(call, "assignees") ?? []) {
      const account = call.world.accounts.get(login.toLowerCase());
      const isOfHere =
        account === call.repository.owner || call.repository.collaborators.has(login);
      // Whoever cannot be assigned is left out without a word.
      if (account !== undefined && isOfHere && !issue.assignees.includes(account))
        issue.assignees.push(account);
    }
    return { status: 201, body: issueJson(call.site, call.repository, issue) };
  }),
];

function issueOf(call: RepositoryCall): Issue {
  const number = numberParam(call, "issue_number");
  const issue = call.repository.issues.find((one) => one.number === number);
  if (issue === undefined) throw notFound();
  return issue;
}

function commentOf(call: RepositoryCall): { issue: Issue; comment: Comment } {
  const id = numberParam(call, "comment_id");
  for (const issue of call.repository.issues) {
    const comment = issue.comments.find((one) => one.id === id);
    if (comment !== undefined) return { issue, comment };
  }
  throw notFound();
}
