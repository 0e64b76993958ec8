import type { Annotation, CheckRun } from "../check.ts";
import { commitFacts } from "../git/commit-facts.ts";
import type { RepositoryCall } from "../http/call.ts";
import { numberParam, requiredText, text } from "../http/call.ts";
import { page } from "../http/page.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import { appJson } from "../json/account.ts";
import { annotationJson, asCheckRun, checkRunJson, checkRunsOf, suitesOf } from "../json/check.ts";
import { pullReferences } from "../json/pull-reference.ts";
import { minimalRepositoryJson } from "../json/repository.ts";
import { iso, nodeId } from "../json/site.ts";
import { fullName } from "../repository.ts";
import { checkRunEvent } from "../webhooks.ts";
import { shaOf } from "./commit-sha.ts";

/** Check runs and check suites of a commit. */
export const checkRoutes: Route[] = [
  repositoryRoute("GET /commits/{ref}/check-runs", "checks=read", async (call) => {
    const { repository, site, query, now } = call;
    const sha = await shaOf(call);
    const is = (name: string, value: unknown) => [null, String(value)].includes(query.get(name));
    const asked = checkRunsOf(repository, sha, now).filter(
      ({ name, status, app }) =>
        is("check_name", name) && is("status", status) && is("app_id", app.id),
    );
    // The newest of each name and suite.
    const newest = new Map(asked.map((one) => [`${one.suiteId} ${one.name}`, one]));
    const checks = query.get("filter") === "all" ? asked : [...newest.values()];
    const { items, headers } = page(call, checks);
    const check_runs = items.map((one) => checkRunJson(site, repository, one));
    return { body: { total_count: checks.length, check_runs }, headers };
  }),
  repositoryRoute("GET /commits/{ref}/check-suites", "checks=read", async (call) => {
    const { repository, site, now } = call;
    const sha = await shaOf(call);
    const commit = await commitFacts(repository, sha);
    if (commit === undefined) throw notFound();
    const suites = suitesOf(repository, sha, now);
    const { items, headers } = page(call, suites);
    const check_suites = items.map((suite) => {
      const url = `${site.api}/repos/${fullName(repository)}/check-suites/${suite.id}`;
      const { author, committer, message, tree } = commit;
      return {
        id: suite.id,
        node_id: nodeId("CS", suite.id),
        head_branch: suite.branch ?? null,
        head_sha: sha,
        status: suite.status,
        conclusion: suite.conclusion ?? null,
        url,
        before: commit.parents[0] ?? null,
        after: sha,
        pull_requests: pullReferences(site, repository, sha),
        app: appJson(site, suite.app),
        created_at: iso(suite.createdAt),
        updated_at: iso(suite.updatedAt),
        latest_check_runs_count: suite.checks,
        check_runs_url: `${url}/check-runs`,
        head_commit: {
          id: sha,
          tree_id: tree,
          message,
          timestamp: committer.date,
          author,
          committer,
        },
        repository: minimalRepositoryJson(site, repository),
      };
    });
    return { body: { total_count: suites.length, check_suites }, headers };
  }),
  repositoryRoute("GET /check-runs/{check_run_id}", "checks=read", (call) => ({
    body: checkRunJson(call.site, call.repository, checkRunOf(call)),
  })),
  repositoryRoute("GET /check-runs/{check_run_id}/annotations", "checks=read", (call) => {
    const check = checkRunOf(call);
    const { items, headers } = page(call, check.annotations);
    const body = items.map((one) => annotationJson(call.site, call.repository, check.sha, one));
    return { body, headers };
  }),
  repositoryRoute("POST /check-runs", "checks=write", (call) => {
    const { world, repository, account, actor, site, now } = call;
    const app = actor.is === "token" ? actor.token.installation?.app : undefined;
    if (app === undefined) throw new Refusal(403, "You must authenticate via a GitHub App.");
    const sha = requiredText(call, "head_sha");
    const suite = repository.checkRuns.find(
      (one) => one.sha === sha && one.app.id === app.id,
    )?.suiteId;
    const check: CheckRun = {
      id: world.nextId(),
      name: requiredText(call, "name"),
      sha,
      suiteId: suite ?? world.nextId(),
      app,
      status: "queued",
      conclusion: undefined,
      startedAt: now,
      completedAt: undefined,
      detailsUrl: text(call, "details_url"),
      externalId: text(call, "external_id") ?? "",
      output: { title: undefined, summary: undefined, text: undefined },
      annotations: [],
    };
    change(call, check);
    repository.checkRuns.push(check);
    world.emit(checkRunEvent(repository, check, account, "created"));
    return { status: 201, body: checkRunJson(site, repository, check) };
  }),
  repositoryRoute("PATCH /check-runs/{check_run_id}", "checks=write", (call) => {
    const check = call.repository.checkRuns.find(
      ({ id }) => id === numberParam(call, "check_run_id"),
    );
    if (check === undefined) throw notFound();
    change(call, check);
    const action = check.status === "completed" ? "completed" : "rerequested";
    call.world.emit(checkRunEvent(call.repository, check, call.account, action));
    return { body: checkRunJson(call.site, call.repository, check) };
  }),
];

function checkRunOf(call: RepositoryCall): CheckRun {
  const id = numberParam(call, "check_run_id");
  const made = call.repository.checkRuns.find((one) => one.id === id);
  if (made !== undefined) return made;
  for (const run of call.repository.runs)
    for (const { jobs } of run.attempts) {
      const job = jobs.find((one) => one.id === id);
      if (job !== undefined) return asCheckRun(run, job);
    }
  throw notFound();
}

function change(call: RepositoryCall, check: CheckRun): void {
  const { body, now } = call;
  const conclusion = text(call, "conclusion");
  const status = text(call, "status");
  if (status === "queued" || status === "in_progress" || status === "completed")
    check.status = status;
  if (conclusion !== undefined) {
    check.status = "completed";
    check.conclusion = conclusion;
    check.completedAt = now;
  }
  const output = body["output"];
  if (typeof output !== "object" || output === null) return;
  const { title, summary, text: long, annotations } = output as Record<string, unknown>;
  const orNone = (value: unknown) => (typeof value === "string" ? value : undefined);
  check.output = { title: orNone(title), summary: orNone(summary), text: orNone(long) };
  if (Array.isArray(annotations)) check.annotations.push(...annotations.map(annotationOf));
}

function annotationOf(given: Record<string, unknown>): Annotation {
  const {
    path,
    start_line: startLine,
    end_line: endLine,
    annotation_level: level,
    message,
  } = given;
  return {
    path: String(path),
    startLine: Number(startLine),
    endLine: Number(endLine),
    level: level === "failure" || level === "warning" ? level : "notice",
    message: String(message),
  };
}
