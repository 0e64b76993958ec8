import { expect, test } from "vitest";
import { webhookNews } from "./webhook-news.ts";

const sha = "a".repeat(40);
const repository = { full_name: "Acme/shop", html_url: "https://github.com/Acme/shop" };
const nothing = { shas: [], branches: [] };

test("a webhook names its repository in one way, with its host", () => {
  expect(webhookNews("push", { repository, ref: "refs/heads/main" })).toEqual({
    repository: "github.com/acme/shop",
    web: "https://github.com",
    ...nothing,
    runs: false,
    words: false,
  });
  expect(webhookNews("workflow_run", { repository, action: "requested" })?.runs).toBe(true);
  const own = { ...repository, html_url: "http://127.0.0.1:4000/Acme/shop" };
  expect(webhookNews("push", { repository: own })?.repository).toBe("127.0.0.1:4000/acme/shop");
});

const run = (action: string) => ({ action, workflow_run: { head_sha: sha, head_branch: "amp/a" } });
const check = (slug: string | null, action = "completed") => ({
  action,
  check_run: { head_sha: sha, app: slug === null ? null : { slug } },
});
const pull = (action: string) => ({ action, pull_request: { head: { sha, ref: "amp/a" } } });

test.each<[string, string, object, object]>([
  ["a run that ended", "workflow_run", run("completed"), { shas: [sha], branches: [] }],
  ["a run that began", "workflow_run", run("requested"), nothing],
  ["a check of another app", "check_run", check("ci-app"), { shas: [sha], branches: [] }],
  ["a check of nobody", "check_run", check(null), { shas: [sha], branches: [] }],
  ["a check that was made", "check_run", check("ci-app", "created"), nothing],
  ["a check of Actions", "check_run", check("github-actions"), nothing],
  ["a job", "workflow_job", { action: "completed", workflow_job: { head_sha: sha } }, nothing],
  ["a status", "status", { state: "failure", sha }, { shas: [sha], branches: [] }],
  ["a status to come", "status", { state: "pending", sha }, nothing],
  ["a merge", "pull_request", pull("closed"), { shas: [sha], branches: ["amp/a"] }],
  ["a label", "pull_request", pull("labeled"), nothing],
  ["a short commit id", "status", { state: "success", sha: "abc" }, nothing],
  ["an event of another shape", "workflow_run", { action: "completed", workflow_run: 7 }, nothing],
  ["an event that nobody knows", "moon_phase", { action: "completed" }, nothing],
])("%s is news for those whom it is about", (_, event, payload, expected) => {
  expect(webhookNews(event, { ...payload, repository })).toMatchObject(expected);
});

test.each([
  ["pull_request", "closed", true],
  ["pull_request", "opened", false],
  ["pull_request_review", "submitted", true],
  ["pull_request_review_comment", "created", true],
  ["issue_comment", "created", true],
  ["issue_comment", "deleted", false],
  ["issues", "labeled", true],
  ["issues", "assigned", false],
  ["workflow_run", "completed", false],
])("%s, %s: whether people have said something", (event, action, words) => {
  expect(webhookNews(event, { action, repository })?.words).toBe(words);
});

test.each([
  null,
  "text",
  [],
  {},
  { repository: null },
  { repository: { full_name: "a/b/c", html_url: "https://github.com/a" } },
  { repository: { full_name: "a/b", html_url: "javascript:alert(1)" } },
])("what names no repository is no news: %j", (payload) => {
  expect(webhookNews("workflow_run", payload)).toBeNull();
});
