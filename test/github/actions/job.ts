import { fileAt } from "../git/commit-facts.ts";
import { asCheckRun } from "../json/check.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import { checkRunEvent, jobEvent } from "../webhooks.ts";
import type { World } from "../world.ts";
import { executeJob } from "./execute-job.ts";
import { scriptedSteps } from "./job-steps.ts";
import type { JobOutcome } from "./plan.ts";
import { findPlan } from "./plan.ts";
import type { Job, Run } from "./run.ts";
import { latest } from "./run.ts";

/** Lets it go as it is planned: by default it succeeds at once. */
export async function beginJob(
  world: World,
  repository: Repository,
  run: Run,
  job: Job,
  at: number,
  onEnd: (at: number) => Promise<void>,
): Promise<void> {
  world.emit(jobEvent(repository, run, job, "queued"));
  const outcome = await outcomeOf(world, repository, run, job);
  const { queuedMs = 0, afterMs = 0, execute = false, conclusion = "success" } = outcome;
  const isOver = () => job.status === "completed";

  world.schedule.at(at + queuedMs, (startedAt) => {
    if (isOver()) return;
    job.status = "in_progress";
    job.startedAt = startedAt;
    latest(run).status = "in_progress";
    run.updatedAt = startedAt;
    world.emit(jobEvent(repository, run, job, "in_progress"));
    if (execute) {
      world.background(executed(world, repository, run, job, onEnd));
      return;
    }
    world.schedule.at(startedAt + afterMs, async (endedAt) => {
      if (isOver()) return;
      job.steps = scriptedSteps(run, job, outcome, endedAt);
      job.annotations = [...(outcome.annotations ?? [])];
      endJob(world, repository, run, job, conclusion, endedAt);
      await onEnd(endedAt);
    });
  });
}

export function endJob(
  world: World,
  repository: Repository,
  run: Run,
  job: Job,
  conclusion: string,
  at: number,
): void {
  job.stop?.();
  if (conclusion === "cancelled" && job.steps.length === 0 && job.startedAt !== undefined)
    job.steps = scriptedSteps(run, job, { conclusion: "cancelled" }, at);
  job.status = "completed";
  job.conclusion = conclusion;
  job.startedAt ??= at;
  job.completedAt = at;
  run.updatedAt = at;
  world.emit(jobEvent(repository, run, job, "completed"));
  world.emit(checkRunEvent(repository, asCheckRun(run, job), run.actor, "completed"));
}

export function skipJob(
  world: World,
  repository: Repository,
  run: Run,
  job: Job,
  at: number,
): void {
  endJob(world, repository, run, job, "skipped", at);
}

async function executed(
  world: World,
  repository: Repository,
  run: Run,
  job: Job,
  onEnd: (at: number) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  job.stop = () => stop.abort();
  const signal = AbortSignal.any([stop.signal, world.closing]);
  const { conclusion, steps } = await executeJob(world, repository, run, job, signal);
  if (job.status === "completed" || world.closing.aborted) return;
  job.stop = undefined;
  job.steps = steps;
  const now = world.schedule.now();
  endJob(world, repository, run, job, conclusion, now);
  await onEnd(now);
}

async function outcomeOf(
  world: World,
  repository: Repository,
  run: Run,
  job: Job,
): Promise<JobOutcome> {
  const { workflow, event, branch, sha } = run;
  const planned = { repository, workflow, event, branch, sha, attempt: job.attempt, job };
  const plan = findPlan(world.plans.jobs, planned) ?? {};
  if (typeof plan !== "function") return plan;
  const read = (path: string) => fileAt(repository, sha, path);
  return plan({
    event,
    branch,
    sha,
    attempt: job.attempt,
    job: job.name,
    workflow: workflow.name,
    repository: fullName(repository),
    read,
  });
}
