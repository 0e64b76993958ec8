import { createSign } from "node:crypto";
import { type Asked, asking, plain } from "../github/asking.ts";
import type { FakeGitHub } from "../github/github.ts";
import { startGitHub } from "../github/github.ts";
import { ci, onPullRequest } from "../github/workflows.ts";

/** One answer, and the operation it is of. */
export interface Answered {
  /** As in GitHub's description, such as `GET /repos/{owner}/{repo}`. */
  readonly operation: string;
  readonly status: number;
  readonly body: unknown;
}

/** Asks every operation at least once, in states in which its answer has much to say. */
export async function askEveryOperation(): Promise<Answered[]> {
  await using github = await startGitHub();
  const answers: Answered[] = [];
  const recording = (token?: string) => {
    const ask = asking(github, token);
    return async (operation: string, body?: unknown, headers?: Record<string, string>) => {
      const asked = await ask(operation, body, headers);
      answers.push(answered(github, operation, asked));
      return asked;
    };
  };
  await askThem(github, recording);
  return answers;
}

type Recording = (token?: string) => ReturnType<typeof asking>;

function answered(github: FakeGitHub, operation: string, { status, body }: Asked): Answered {
  const route = github.requests().at(-1)?.route;
  const [method = "", path = ""] = operation.split(" ");
  return { operation: `${method} ${route ?? path}`, status, body };
}

async function askThem(github: FakeGitHub, recording: Recording): Promise<void> {
  const repository = await github.createRepository("acme/shop", {
    files: {
      ".github/workflows/ci.yml": ci,
      ".github/workflows/review.yml": onPullRequest,
      "src/a.ts": "1\n",
    },
  });
  repository.collaborator("mia", "write");
  repository.protect("main", { contexts: ["test"], strict: true });
  repository.addRuleset({
    branches: ["main"],
    contexts: [{ context: "lint" }],
    pullRequestsOnly: true,
    mergeQueue: true,
  });
  repository.protect("release", { contexts: ["test"] });
  await repository.commit("release", { r: "r" });
  const app = github.createApp({
    permissions: {
      contents: "write",
      checks: "write",
      statuses: "write",
      actions: "write",
      pull_requests: "write",
      issues: "write",
    },
  });
  const installationId = app.install("acme");
  const asApp = recording(jwt(github, app.appId, app.privateKey));
  const token = (await asApp(`POST /app/installations/${installationId}/access_tokens`, {})).body[
    "token"
  ];
  const asInstallation = recording(plain(token));
  const ask = recording(github.createToken({ login: "acme" }));
  const asMia = recording(github.createToken({ login: "mia" }));
  const at = "/repos/acme/shop";

  for (const path of [
    "/app",
    "/app/installations",
    `/app/installations/${installationId}`,
    `${at}/installation`,
  ])
    await asApp(`GET ${path}`);
  await asInstallation("GET /installation/repositories");
  for (const path of ["/", "/user", "/users/mia", "/rate_limit", at, "/repos/acme/none"])
    await ask(`GET ${path}`);
  await recording()("GET /user");
  await recording("ghp_wrong")("GET /user");

  // Red, then green.
  github.plan(
    { job: "test", attempt: 1 },
    {
      conclusion: "failure",
      log: "no",
      annotations: [
        { path: "src/a.ts", startLine: 1, level: "failure", message: "no", title: "t" },
      ],
    },
  );
  const sha = await repository.commit("amp/a", { "src/a.ts": "2\n" });
  const main = await repository.sha("main");
  await ask(`GET ${at}/branches`);
  for (const path of [
    "/branches/amp/a",
    "/branches/none",
    "/git/ref/heads/amp/a",
    "/git/ref/heads/none",
  ])
    await ask(`GET ${at}${path}`);
  await ask(`POST ${at}/git/refs`, { ref: "refs/heads/made", sha });
  await ask(`POST ${at}/git/refs`, { ref: "refs/heads/made", sha });
  await ask(`PATCH ${at}/git/refs/heads/made`, { sha: main, force: true });
  await ask(`DELETE ${at}/git/refs/heads/made`);
  for (const path of [
    `/commits/${sha}`,
    `/git/commits/${sha}`,
    `/compare/main...amp/a`,
    "/contents/src/a.ts",
    "/contents/src",
    "/contents/none",
  ])
    await ask(`GET ${at}${path}`);
  for (const path of [
    "/collaborators/mia/permission",
    "/rules/branches/main",
    "/rules/branches/none",
    "/branches/main/protection",
    "/branches/none/protection",
    "/branches/main/protection/required_status_checks",
  ])
    await ask(`GET ${at}${path}`);

  const runs = await ask(`GET ${at}/actions/runs?head_sha=${sha}`);
  const run = plain(runs.body["workflow_runs"]?.[0]?.id);
  await ask(`GET ${at}/actions/permissions`);
  await ask(`GET ${at}/actions/workflows`);
  for (const path of ["", "/runs"]) await ask(`GET ${at}/actions/workflows/ci.yml${path}`);
  for (const path of ["", "/jobs", "/attempts/1", "/attempts/1/jobs", "/artifacts", "/logs"])
    await ask(`GET ${at}/actions/runs/${run}${path}`);
  const jobs = await ask(`GET ${at}/actions/runs/${run}/jobs`);
  const job = plain(jobs.body["jobs"]?.[0]?.id);
  for (const path of [
    `/actions/jobs/${job}`,
    `/actions/jobs/${job}/logs`,
    `/check-runs/${job}`,
    `/check-runs/${job}/annotations`,
  ])
    await ask(`GET ${at}${path}`);
  await ask(`POST ${at}/actions/runs/${run}/rerun-failed-jobs`);
  await ask(`POST ${at}/actions/runs/${run}/rerun`);
  await ask(`GET ${at}/actions/runs/${run}`);
  await ask(`POST ${at}/actions/runs/${run}/cancel`);
  github.plan({ branch: "amp/slow" }, { afterMs: Infinity });
  const slow = await repository.commit("amp/slow", { s: "s" });
  await github.advance(0);
  for (const path of ["check-runs", "check-suites"]) await ask(`GET ${at}/commits/${slow}/${path}`);
  await ask(`POST ${at}/actions/runs/${repository.runs(slow)[0]!.id}/cancel`);
  github.planRun({ branch: "amp/asks" }, { conclusion: "action_required" });
  const asks = await repository.commit("amp/asks", { s: "s" });
  await github.advance(0);
  await ask(`POST ${at}/actions/runs/${repository.runs(asks)[0]!.id}/approve`);
  await ask(`PUT ${at}/actions/workflows/ci.yml/disable`);
  await ask(`PUT ${at}/actions/workflows/ci.yml/enable`);

  await ask(`POST ${at}/statuses/${sha}`, {
    state: "success",
    context: "build",
    description: "fine",
  });
  await ask(`POST ${at}/check-runs`, { name: "x", head_sha: sha });
  const check = await asInstallation(`POST ${at}/check-runs`, { name: "audit", head_sha: sha });
  await asInstallation(`PATCH ${at}/check-runs/${plain(check.body["id"])}`, {
    conclusion: "neutral",
    output: { title: "t", summary: "s" },
  });
  for (const path of ["check-runs", "check-suites", "status", "statuses"])
    await ask(`GET ${at}/commits/${sha}/${path}`);
  await ask(`GET ${at}/commits/${main}/status`);

  await askAboutPulls(github, recording, ask, asMia);
  await ask(`DELETE ${at}/actions/runs/${run}/logs`);
  repository.rename("store");
  await ask(`GET ${at}`);
  await recording(plain(token))("DELETE /installation/token");
}

async function askAboutPulls(
  github: FakeGitHub,
  recording: Recording,
  ask: ReturnType<Recording>,
  asMia: ReturnType<Recording>,
): Promise<void> {
  const at = "/repos/acme/shop";
  const opened = await ask(`POST ${at}/pulls`, {
    title: "A",
    head: "amp/a",
    base: "release",
    body: "b",
    draft: true,
  });
  const pull = `${at}/pulls/${plain(opened.body["number"])}`;
  const issue = `${at}/issues/${plain(opened.body["number"])}`;
  await ask(`POST ${at}/pulls`, { title: "A", head: "amp/a", base: "release" });
  await ask(`GET ${at}/pulls?head=acme:amp/a&state=all`);
  await ask(`GET ${pull}`);
  await ask(`PATCH ${pull}`, { title: "B" });
  await ask(`GET ${pull}/merge`);
  await ask(`PUT ${pull}/merge`, { sha: "0".repeat(40) });
  await ask(`PUT ${pull}/merge`);
  await ask(`PUT ${pull}/update-branch`);
  await ask(`PUT ${pull}/update-branch`);
  await ask(`POST ${pull}/requested_reviewers`, { reviewers: ["mia"] });
  await ask(`POST ${pull}/requested_reviewers`, { reviewers: ["nobody"] });
  await asMia(`POST ${pull}/reviews`, {
    event: "REQUEST_CHANGES",
    body: "no",
    comments: [{ path: "src/a.ts", line: 1, body: "why?" }],
  });
  await ask(`GET ${pull}/reviews`);
  const comments = await ask(`GET ${pull}/comments`);
  await ask(`GET ${at}/pulls/comments`);
  await ask(`POST ${pull}/comments/${plain(comments.body[0]?.id)}/replies`, { body: "because" });

  await ask(`POST ${at}/issues`, { title: "an issue", labels: ["bug"] });
  await ask(`GET ${at}/issues`);
  await ask(`GET ${issue}`);
  await ask(`PATCH ${issue}`, { body: "new" });
  await ask(`POST ${issue}/labels`, { labels: ["ampx"] });
  await ask(`GET ${issue}/labels`);
  await ask(`DELETE ${issue}/labels/ampx`);
  await ask(`GET ${issue}/events`);
  await ask(`GET ${at}/issues/events`);
  await ask(`POST ${issue}/assignees`, { assignees: ["mia"] });
  const said = await ask(`POST ${issue}/comments`, { body: "hello" });
  const comment = `${at}/issues/comments/${plain(said.body["id"])}`;
  await ask(`GET ${issue}/comments`);
  await ask(`GET ${at}/issues/comments`);
  await ask(`GET ${comment}`);
  await ask(`PATCH ${comment}`, { body: "hi" });
  await ask(`DELETE ${comment}`);

  const id = plain(opened.body["node_id"]);
  await ask("POST /graphql", {
    query:
      "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { id } } }",
    variables: { id },
  });
  await github.advance(0);
  await ask(`PUT ${pull}/merge`, { merge_method: "squash" });
  await ask(`GET ${pull}`);
  await ask(`GET ${pull}/merge`);
}

function jwt(github: FakeGitHub, appId: number, key: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(github.now() / 1000);
  const head = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: appId, iat: now - 60, exp: now + 540 })}`;
  return `${head}.${createSign("RSA-SHA256").update(head).sign(key, "base64url")}`;
}
