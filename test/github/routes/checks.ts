import type { Annotation, CheckRun, CommitStatus } from "../check.ts";
import { branchSha, commitFacts } from "../git/commit-facts.ts";
import type { RepositoryCall } from "../http/call.ts";
import { numberParam, param, requiredText, text } from "../http/call.ts";
import { page } from "../http/page.ts";
import { notFound, Refusal, validationFailed } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import { accountJson, appJson } from "../json/account.ts";
import {
  annotationJson,
  asCheckRun,
  checkRunJson,
  checkRunsOf,
  statusJson,
  suitesOf,
} from "../json/check.ts";
import { pullReferences } from "../json/pull-reference.ts";
import { minimalRepositoryJson } from "../json/repository.ts";
import { iso, nodeId } from "../json/site.ts";
import { fullName } from "../repository.ts";
import { checkRunEvent } from "../webhooks.ts";

/** Check runs, check suites and statuses of a commit. */
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
  repositoryRoute("GET /commits/{ref}/status", "statuses=read", async (call) => {
    const { site, repository } = call;
    const sha = await shaOf(call);
    const newest = latestStatuses(repository.statuses.filter((one) => one.sha === sha));
    const { items, headers } = page(call, newest);
    const url = `${site.api}/repos/${fullName(repository)}/commits/${sha}`;
    return {
      body: {
        state: combined(newest),
        statuses: items.map((one) => statusJson(site, repository, one)),
        sha,
        total_count: newest.length,
        repository: minimalRepositoryJson(site, repository),
        commit_url: url,
        url: `${url}/status`,
      },
      headers,
    };
  }),
  repositoryRoute("GET /commits/{ref}/statuses", "statuses=read", async (call) => {
    const { site, repository } = call;
    const sha = await shaOf(call);
    const { items, headers } = page(
      call,
      repository.statuses.filter((one) => one.sha === sha).toReversed(),
    );
    return {
      body: items.map((one) => withCreator(call, one, statusJson(site, repository, one))),
      headers,
    };
  }),
  repositoryRoute("POST /statuses/{sha}", "statuses=write", async (call) => {
    const { world, repository, account, site, now } = call;
    const sha = param(call, "sha");
    if ((await commitFacts(repository, sha)) === undefined)
      throw new Refusal(422, `No commit found for SHA: ${sha}`);
    const state = requiredText(call, "state");
    if (!isState(state))
      throw validationFailed({ resource: "Status", code: "custom", field: "state" });
    const status: CommitStatus = {
      id: world.nextId(),
      sha,
      state,
      creator: account,
      createdAt: now,
      context: text(call, "context") ?? "default",
      description: text(call, "description"),
      targetUrl: text(call, "target_url"),
    };
    repository.statuses.push(status);
    world.emit({
      name: "status",
      repository,
      sender: account,
      payload: () => ({ id: status.id, sha, state, context: status.context, branches: [] }),
    });
    return { status: 201, body: withCreator(call, status, statusJson(site, repository, status)) };
  }),
];

/** A full SHA, or the name of a branch. */
async function shaOf(call: RepositoryCall): Promise<string> {
  const ref = param(call, "ref");
  if (/^[0-9a-f]{40}$/.test(ref)) {
    if ((await commitFacts(call.repository, ref)) === undefined)
      throw new Refusal(422, `No commit found for SHA: ${ref}`);
    return ref;
  }
  const sha = await branchSha(call.repository, ref.replace(/^(?:refs\/)?heads\//, ""));
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  return sha;
}

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

function latestStatuses(statuses: readonly CommitStatus[]): CommitStatus[] {
  return [...new Map(statuses.map((one) => [one.context, one])).values()];
}

/** Without any status it is pending. */
function combined(statuses: readonly CommitStatus[]): string {
  const states = new Set(statuses.map(({ state }) => state));
  if (states.has("failure") || states.has("error")) return "failure";
  return states.has("pending") || states.size === 0 ? "pending" : "success";
}

function isState(state: string): state is CommitStatus["state"] {
  return ["error", "failure", "pending", "success"].includes(state);
}

function withCreator<T>({ site }: RepositoryCall, { creator }: CommitStatus, json: T) {
  return { ...json, creator: accountJson(site, creator) };
}
