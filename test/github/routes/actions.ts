import { rerun } from "../actions/rerun.ts";
import { approveRun, cancelRun } from "../actions/run-jobs.ts";
import type { Job, Run, Workflow } from "../actions/run.ts";
import { isHidden, latest } from "../actions/run.ts";
import type { RepositoryCall } from "../http/call.ts";
import { numberParam, param } from "../http/call.ts";
import { page } from "../http/page.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import { jobJson, runJson, workflowJson } from "../json/actions.ts";

/** Workflows, their runs, and the jobs of these. */
export const actionsRoutes: Route[] = [
  repositoryRoute("GET /actions/permissions", "administration=read", ({ repository }) => ({
    body: { enabled: repository.actionsEnabled, allowed_actions: "all" },
  })),
  repositoryRoute("GET /actions/workflows", "actions=read", (call) => {
    const { items, headers } = page(call, call.repository.workflows);
    const workflows = items.map((one) => workflowJson(call.site, call.repository, one));
    return { body: { total_count: call.repository.workflows.length, workflows }, headers };
  }),
  repositoryRoute("GET /actions/workflows/{workflow_id}", "actions=read", (call) => ({
    body: workflowJson(call.site, call.repository, workflowOf(call)),
  })),
  repositoryRoute("PUT /actions/workflows/{workflow_id}/disable", "actions=write", (call) => {
    workflowOf(call).state = "disabled_manually";
    return { status: 204 };
  }),
  repositoryRoute("PUT /actions/workflows/{workflow_id}/enable", "actions=write", (call) => {
    workflowOf(call).state = "active";
    return { status: 204 };
  }),
  repositoryRoute("GET /actions/workflows/{workflow_id}/runs", "actions=read", (call) => {
    const workflow = workflowOf(call);
    return listRuns(call, (run) => run.workflow === workflow);
  }),
  repositoryRoute("GET /actions/runs", "actions=read", (call) => listRuns(call, () => true)),
  repositoryRoute("GET /actions/runs/{run_id}", "actions=read", (call) => ({
    body: shown(call, runJson(call.site, call.repository, runOf(call))),
  })),
  repositoryRoute(
    "GET /actions/runs/{run_id}/attempts/{attempt_number}",
    "actions=read",
    (call) => {
      const run = runOf(call);
      const attempt = run.attempts[numberParam(call, "attempt_number") - 1];
      if (attempt === undefined) throw notFound();
      return { body: runJson(call.site, call.repository, run, attempt) };
    },
  ),
  repositoryRoute("GET /actions/runs/{run_id}/jobs", "actions=read", (call) => {
    const run = runOf(call);
    const all = call.query.get("filter") === "all";
    const jobs = all ? [...new Set(run.attempts.flatMap((one) => one.jobs))] : latest(run).jobs;
    return listJobs(call, run, jobs);
  }),
  repositoryRoute(
    "GET /actions/runs/{run_id}/attempts/{attempt_number}/jobs",
    "actions=read",
    (call) => {
      const run = runOf(call);
      const attempt = run.attempts[numberParam(call, "attempt_number") - 1];
      if (attempt === undefined) throw notFound();
      return listJobs(call, run, attempt.jobs);
    },
  ),
  // Nothing keeps any; gh asks for them.
  repositoryRoute("GET /actions/runs/{run_id}/artifacts", "actions=read", (call) => {
    runOf(call);
    return { body: { total_count: 0, artifacts: [] } };
  }),
  repositoryRoute("GET /actions/jobs/{job_id}", "actions=read", (call) => {
    const { run, job } = jobOf(call);
    return { body: jobJson(call.site, call.repository, run, job) };
  }),
  repositoryRoute("POST /actions/runs/{run_id}/rerun", "actions=write", async (call) => {
    await rerun(call.world, call.repository, runOf(call), call.account, "all", call.now);
    return { status: 201, body: {} };
  }),
  repositoryRoute(
    "POST /actions/runs/{run_id}/rerun-failed-jobs",
    "actions=write",
    async (call) => {
      await rerun(call.world, call.repository, runOf(call), call.account, "failed", call.now);
      return { status: 201, body: {} };
    },
  ),
  repositoryRoute("POST /actions/runs/{run_id}/cancel", "actions=write", (call) => {
    const run = runOf(call);
    if (latest(run).status === "completed")
      throw new Refusal(409, "Cannot cancel a workflow run that is completed.");
    cancelRun(call.world, call.repository, run, call.now);
    return { status: 202, body: {} };
  }),
  repositoryRoute("POST /actions/runs/{run_id}/approve", "actions=write", async (call) => {
    const run = runOf(call);
    if (latest(run).conclusion !== "action_required")
      throw new Refusal(403, "This run is not from a fork pull request");
    await approveRun(call.world, call.repository, run, call.account, call.now);
    return { status: 201, body: {} };
  }),
];

/** By number or by the name of its file. */
function workflowOf(call: RepositoryCall): Workflow {
  const id = param(call, "workflow_id");
  const found = call.repository.workflows.find(
    (one) => String(one.id) === id || one.path === `.github/workflows/${id}`,
  );
  if (found === undefined) throw notFound();
  return found;
}

export function runOf(call: RepositoryCall): Run {
  const id = numberParam(call, "run_id");
  const run = call.repository.runs.find((one) => one.id === id);
  if (run === undefined) throw notFound();
  return run;
}

export function jobOf(call: RepositoryCall): { run: Run; job: Job } {
  const id = numberParam(call, "job_id");
  for (const run of call.repository.runs)
    for (const { jobs } of run.attempts) {
      const job = jobs.find((one) => one.id === id);
      if (job !== undefined) return { run, job };
    }
  throw notFound();
}

/** Newest first. A short SHA finds nothing, and an empty one filters nothing, as at GitHub. */
function listRuns(call: RepositoryCall, isAsked: (run: Run) => boolean) {
  const { repository, query, site, now } = call;
  const is = (name: string, value: string) => [null, "", value].includes(query.get(name));
  const status = query.get("status");
  const runs = repository.runs.filter((run) => {
    const attempt = latest(run);
    return (
      isAsked(run) &&
      !isHidden(run, now) &&
      is("head_sha", run.sha) &&
      is("event", run.event) &&
      is("branch", run.branch) &&
      is("actor", run.actor.login) &&
      is("check_suite_id", String(run.suiteId)) &&
      (status === null || [attempt.status, attempt.conclusion].includes(status))
    );
  });
  const { items, headers } = page(call, runs.toReversed());
  return {
    body: {
      total_count: runs.length,
      workflow_runs: items.map((run) => shown(call, runJson(site, repository, run))),
    },
    headers,
  };
}

function shown<T extends object>({ query }: RepositoryCall, json: T): T {
  return query.get("exclude_pull_requests") === "true" ? { ...json, pull_requests: [] } : json;
}

function listJobs(call: RepositoryCall, run: Run, jobs: readonly Job[]) {
  const { items, headers } = page(call, jobs);
  return {
    body: {
      total_count: jobs.length,
      jobs: items.map((job) => jobJson(call.site, call.repository, run, job)),
    },
    headers,
  };
}
