import type { Account } from "../account.ts";
import type { Repository } from "../repository.ts";
import { runEvent } from "../webhooks.ts";
import type { World } from "../world.ts";
import { concurrencyOf, makeRoom, nextInGroup } from "./concurrency.ts";
import { conditionHolds, jobsOf } from "./expand-job.ts";
import { beginJob, endJob, skipJob } from "./job.ts";
import type { Attempt, Job, Run } from "./run.ts";
import { latest } from "./run.ts";
import type { WorkflowJob } from "./workflow-file.ts";

/** A new attempt. `kept` are the jobs of earlier attempts whose results stand. */
export async function startAttempt(
  world: World,
  repository: Repository,
  run: Run,
  by: Account,
  at: number,
  kept: readonly Job[] = [],
): Promise<void> {
  const attempt: Attempt = {
    number: run.attempts.length + 1,
    by,
    startedAt: at,
    status: "queued",
    conclusion: undefined,
    jobs: [...kept],
  };
  run.attempts.push(attempt);
  run.updatedAt = at;
  run.concurrency = concurrencyOf(repository, run);
  world.emit(runEvent(repository, run, "requested"));
  for (const older of makeRoom(repository, run)) cancelRun(world, repository, older, at);
  if (attempt.status === "queued") await goOn(world, repository, run, at);
}

/** A run that GitHub refuses, or that waits for somebody's approval, has no jobs. */
export function endWithoutJobs(
  world: World,
  repository: Repository,
  run: Run,
  conclusion: string,
  at: number,
): void {
  const { actor: by } = run;
  const number = run.attempts.length + 1;
  run.attempts.push({ number, by, startedAt: at, status: "completed", conclusion, jobs: [] });
  world.emit(runEvent(repository, run, "completed"));
}

/** What was waiting for approval begins. */
export async function approveRun(
  world: World,
  repository: Repository,
  run: Run,
  by: Account,
  at: number,
): Promise<void> {
  run.attempts.pop();
  await startAttempt(world, repository, run, by, at);
}

/** Ends what has not ended. Nothing happens to a run that is over. */
export function cancelRun(world: World, repository: Repository, run: Run, at: number): void {
  const attempt = latest(run);
  if (attempt.status === "completed") return;
  for (const job of attempt.jobs)
    if (job.status !== "completed") endJob(world, repository, run, job, "cancelled", at);
  finish(world, repository, run, attempt, "cancelled", at);
}

/** Makes the jobs whose needs are met; they exist only from then on. Called whenever one ended. */
async function goOn(world: World, repository: Repository, run: Run, at: number): Promise<void> {
  const attempt = latest(run);
  const onEnd = (due: number) => goOn(world, repository, run, due);
  for (let made = true; made && attempt.status !== "completed";) {
    made = false;
    for (const planned of run.file.jobs) {
      if (attempt.jobs.some(({ key }) => key === planned.key)) continue;
      if (!areDone(attempt, planned)) continue;
      made = true;
      const holds = conditionHolds(repository, run, attempt, planned);
      for (const job of jobsOf(world, repository, run, attempt, planned, holds, at)) {
        attempt.jobs.push(job);
        if (holds) await beginJob(world, repository, run, job, at, onEnd);
        else skipJob(world, repository, run, job, at);
      }
    }
  }
  if (attempt.status === "completed") return;
  const over = attempt.jobs.every(({ status }) => status === "completed");
  if (over) finish(world, repository, run, attempt, conclusionOf(attempt.jobs), at);
}

function areDone(attempt: Attempt, { needs }: WorkflowJob): boolean {
  return needs.every((need) => {
    const instances = attempt.jobs.filter(({ key }) => key === need);
    return instances.length > 0 && instances.every(({ status }) => status === "completed");
  });
}

function finish(
  world: World,
  repository: Repository,
  run: Run,
  attempt: Attempt,
  conclusion: string,
  at: number,
): void {
  attempt.status = "completed";
  attempt.conclusion = conclusion;
  run.updatedAt = at;
  world.emit(runEvent(repository, run, "completed"));
  const next = nextInGroup(repository, run);
  if (next === undefined) return;
  latest(next).status = "queued";
  world.schedule.at(at, (due) => goOn(world, repository, next, due));
}

function conclusionOf(jobs: readonly Job[]): string {
  const all = new Set(jobs.map(({ conclusion }) => conclusion));
  for (const bad of ["failure", "timed_out", "cancelled"]) if (all.has(bad)) return bad;
  return all.size === 1 && all.has("skipped") ? "skipped" : "success";
}
