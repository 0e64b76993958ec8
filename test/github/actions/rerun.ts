import type { Account } from "../account.ts";
import { Refusal } from "../http/refusal.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";
import { startAttempt } from "./run-jobs.ts";
import type { Job, Run } from "./run.ts";
import { latest } from "./run.ts";

/** The same run again, as its next attempt: all its jobs, or those that failed and those that need them. */
export async function rerun(
  world: World,
  repository: Repository,
  run: Run,
  by: Account,
  which: "all" | "failed",
  at: number,
): Promise<void> {
  const { status, jobs, conclusion } = latest(run);
  if (status !== "completed") throw new Refusal(403, "This workflow is already running");
  if (conclusion === "startup_failure" || conclusion === "action_required")
    throw new Refusal(403, "This workflow run cannot be retried");
  if (which === "failed" && conclusion === "success")
    throw new Refusal(403, "This workflow run has no failed jobs");
  await startAttempt(world, repository, run, by, at, which === "all" ? [] : kept(run, jobs));
}

function kept(run: Run, jobs: readonly Job[]): Job[] {
  const again = new Set(
    jobs.filter(({ conclusion }) => conclusion !== "success").map(({ key }) => key),
  );
  for (let grew = true; grew;) {
    grew = false;
    for (const { key, needs } of run.file.jobs)
      if (!again.has(key) && needs.some((need) => again.has(need))) {
        again.add(key);
        grew = true;
      }
  }
  return jobs.filter(({ key }) => !again.has(key));
}
