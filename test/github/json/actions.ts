import type { Attempt, Job, Run, Workflow } from "../actions/run.ts";
import { latest } from "../actions/run.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import { accountJson } from "./account.ts";
import { pullReferences } from "./pull-reference.ts";
import { minimalRepositoryJson } from "./repository.ts";
import type { Site } from "./site.ts";
import { iso, nodeId } from "./site.ts";

export function workflowJson(site: Site, repository: Repository, workflow: Workflow) {
  const { id, name, path, state, createdAt } = workflow;
  const html = `${site.html}/${fullName(repository)}`;
  return {
    id,
    node_id: nodeId("W", id),
    name,
    path,
    state,
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
    url: `${site.api}/repos/${fullName(repository)}/actions/workflows/${id}`,
    html_url: `${html}/blob/${repository.defaultBranch}/${path}`,
    badge_url: `${html}/workflows/${encodeURIComponent(name)}/badge.svg`,
  };
}

/** A run, as it is in its newest attempt or as it was in an earlier one. */
export function runJson(
  site: Site,
  repository: Repository,
  run: Run,
  attempt: Attempt = latest(run),
) {
  const url = `${site.api}/repos/${fullName(repository)}/actions/runs/${run.id}`;
  const { author, committer, message, tree } = run.commit;
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: nodeId("WFR", run.id),
    head_branch: run.branch,
    head_sha: run.sha,
    path: run.workflow.path,
    display_title: run.title,
    run_number: run.number,
    event: run.event,
    status: attempt.status,
    conclusion: attempt.conclusion ?? null,
    workflow_id: run.workflow.id,
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId("CS", run.suiteId),
    url,
    html_url: `${site.html}/${fullName(repository)}/actions/runs/${run.id}`,
    pull_requests: pullReferences(site, repository, run.sha),
    created_at: iso(run.createdAt),
    updated_at: iso(run.updatedAt),
    actor: accountJson(site, run.actor),
    run_attempt: attempt.number,
    referenced_workflows: [],
    run_started_at: iso(attempt.startedAt),
    triggering_actor: accountJson(site, attempt.by),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${site.api}/repos/${fullName(repository)}/check-suites/${run.suiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt.number > 1 ? `${url}/attempts/${attempt.number - 1}` : null,
    workflow_url: `${site.api}/repos/${fullName(repository)}/actions/workflows/${run.workflow.id}`,
    head_commit: {
      id: run.sha,
      tree_id: tree,
      message,
      timestamp: committer.date,
      author: { name: author.name, email: author.email },
      committer: { name: committer.name, email: committer.email },
    },
    repository: minimalRepositoryJson(site, repository),
    head_repository: minimalRepositoryJson(site, repository),
  };
}

export function jobJson(site: Site, repository: Repository, run: Run, job: Job) {
  const name = fullName(repository);
  const labels = run.file.jobs.find(({ key }) => key === job.key)?.labels ?? [];
  const hasRunner = job.startedAt !== undefined && job.conclusion !== "skipped";
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${site.api}/repos/${name}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId("CR", job.id),
    head_sha: run.sha,
    url: `${site.api}/repos/${name}/actions/jobs/${job.id}`,
    html_url: `${site.html}/${name}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion ?? null,
    created_at: iso(job.createdAt),
    started_at: iso(job.startedAt ?? job.createdAt),
    completed_at: iso(job.completedAt),
    name: job.name,
    steps: job.steps.map(({ name: title, conclusion, number, startedAt, completedAt }) => ({
      name: title,
      status: "completed",
      conclusion,
      number,
      started_at: iso(startedAt),
      completed_at: iso(completedAt),
    })),
    check_run_url: `${site.api}/repos/${name}/check-runs/${job.id}`,
    labels,
    runner_id: hasRunner ? 1 : null,
    runner_name: hasRunner ? "GitHub Actions 1" : null,
    runner_group_id: hasRunner ? 2 : null,
    runner_group_name: hasRunner ? "GitHub Actions" : null,
    workflow_name: run.workflow.name,
    head_branch: run.branch,
  };
}
