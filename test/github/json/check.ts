import type { Job, Run } from "../actions/run.ts";
import { isHidden, latest } from "../actions/run.ts";
import type { Annotation, CheckRun, CheckStatus, CommitStatus } from "../check.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import { accountJson, appJson } from "./account.ts";
import { pullReferences } from "./pull-reference.ts";
import type { Site } from "./site.ts";
import { iso, nodeId } from "./site.ts";

/** The app whose check runs the jobs are. */
const actionsApp = {
  id: 15_368,
  slug: "github-actions",
  name: "GitHub Actions",
  clientId: "Iv1.05c79e9ad1f6bdfa",
  owner: { id: 9919, login: "github", type: "Organization" as const },
  createdAt: Date.UTC(2018, 6, 30),
  permissions: { actions: "write", checks: "write", contents: "write", metadata: "read" } as const,
};

/** The check runs of a commit: those of apps, and the jobs of runs that the listings show. */
export function checkRunsOf(repository: Repository, sha: string, now: number): CheckRun[] {
  const jobs = repository.runs
    .filter((run) => run.sha === sha && !isHidden(run, now))
    .flatMap((run) =>
      run.attempts.flatMap(({ jobs: all }) => all).map((job) => asCheckRun(run, job)),
    );
  return [
    ...new Map(
      [...repository.checkRuns.filter((one) => one.sha === sha), ...jobs].map((one) => [
        one.id,
        one,
      ]),
    ).values(),
  ];
}

export function asCheckRun(run: Run, job: Job): CheckRun {
  return {
    id: job.id,
    name: job.name,
    sha: run.sha,
    suiteId: run.suiteId,
    app: actionsApp,
    status: job.status,
    conclusion: job.conclusion,
    startedAt: job.startedAt ?? job.createdAt,
    completedAt: job.completedAt,
    detailsUrl: undefined,
    externalId: "",
    output: { title: undefined, summary: undefined, text: undefined },
    annotations: job.annotations,
  };
}

export function checkRunJson(site: Site, repository: Repository, check: CheckRun) {
  const url = `${site.api}/repos/${fullName(repository)}/check-runs/${check.id}`;
  const html = `${site.html}/${fullName(repository)}/runs/${check.id}`;
  return {
    id: check.id,
    name: check.name,
    node_id: nodeId("CR", check.id),
    head_sha: check.sha,
    external_id: check.externalId,
    url,
    html_url: html,
    details_url: check.detailsUrl ?? html,
    status: check.status,
    conclusion: check.conclusion ?? null,
    started_at: iso(check.startedAt),
    completed_at: iso(check.completedAt),
    output: {
      title: check.output.title ?? null,
      summary: check.output.summary ?? null,
      text: check.output.text ?? null,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: check.suiteId },
    app: appJson(site, check.app),
    pull_requests: pullReferences(site, repository, check.sha),
  };
}

export function annotationJson(site: Site, repository: Repository, sha: string, given: Annotation) {
  const { path, startLine, endLine = startLine, level, message, title } = given;
  return {
    path,
    blob_href: `${site.html}/${fullName(repository)}/blob/${sha}/${path}`,
    start_line: startLine,
    start_column: null,
    end_line: endLine,
    end_column: null,
    annotation_level: level,
    title: title ?? "",
    message,
    raw_details: "",
  };
}

/** A suite: all check runs of one app for one commit; each run of Actions has its own. */
export interface Suite {
  readonly id: number;
  readonly sha: string;
  readonly branch: string | undefined;
  readonly app: CheckRun["app"];
  readonly status: CheckStatus;
  readonly conclusion: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly checks: number;
}

export function suitesOf(repository: Repository, sha: string, now: number): Suite[] {
  const ofRuns = repository.runs
    .filter((run) => run.sha === sha && !isHidden(run, now))
    .map((run): Suite => {
      const { status, conclusion, jobs } = latest(run);
      const { createdAt, updatedAt, suiteId: id, branch } = run;
      return {
        id,
        sha,
        branch,
        app: actionsApp,
        status,
        conclusion,
        createdAt,
        updatedAt,
        checks: jobs.length,
      };
    });
  const others = Map.groupBy(
    repository.checkRuns.filter((one) => one.sha === sha),
    ({ suiteId }) => suiteId,
  );
  const ofApps = [...others].map(([id, checks]): Suite => {
    const over = checks.every(({ status }) => status === "completed");
    const bad = checks.find(
      ({ conclusion }) => !["success", "neutral", "skipped"].includes(conclusion ?? ""),
    );
    const createdAt = Math.min(...checks.map(({ startedAt }) => startedAt ?? now));
    return {
      id,
      sha,
      branch: undefined,
      app: checks[0]!.app,
      createdAt,
      updatedAt: createdAt,
      status: over ? "completed" : "in_progress",
      conclusion: over ? (bad?.conclusion ?? "success") : undefined,
      checks: checks.length,
    };
  });
  return [...ofApps, ...ofRuns];
}

export function statusJson(site: Site, repository: Repository, status: CommitStatus) {
  const { id, state, context, description, targetUrl, createdAt, sha, creator } = status;
  return {
    url: `${site.api}/repos/${fullName(repository)}/statuses/${sha}`,
    avatar_url: accountJson(site, creator).avatar_url,
    id,
    node_id: nodeId("SC", id),
    state,
    description: description ?? null,
    target_url: targetUrl ?? null,
    context,
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
  };
}
