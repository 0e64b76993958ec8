import { newestRuns, type Sha, type RepositoryName } from "@ampx/core";
import type { Clock } from "../ports.ts";
import { Nothing } from "./answers/index.ts";
import type { GitHubClient } from "./client.ts";
import type { CommitMemory } from "./commit-memory.ts";
import type { GitHubReads } from "./reads.ts";
import { GitHubRefusal } from "./refusal.ts";

export interface RunControl {
  client: GitHubClient;
  reads: GitHubReads;
  repository: RepositoryName;
  branch: string;
  clock: Clock;
  memoryOf(sha: Sha): CommitMemory;
}

const fine = new Set(["success", "neutral", "skipped", "action_required"]);

/** Runs anew what is not green, unless it does so already. What GitHub does not let this token run again stays as it is. */
export async function rerunRuns(scope: RunControl, sha: Sha, signal: AbortSignal): Promise<void> {
  const { client, reads, repository, clock } = scope;
  const memory = scope.memoryOf(sha);
  const runs = newestRuns(await reads.runsOf(sha, signal));
  if (runs.some((run) => run.status !== "completed" || memory.isAboutToRun(run, clock.now())))
    return;
  for (const run of runs.filter(({ conclusion }) => !fine.has(conclusion ?? ""))) {
    // Of a cancelled run no job has failed.
    const hasFailed = run.conclusion === "failure" || run.conclusion === "timed_out";
    const path = `${reads.root}/actions/runs/${run.id}/${hasFailed ? "rerun-failed-jobs" : "rerun"}`;
    const isAsked = await tolerant(() =>
      client.send("POST", path, undefined, Nothing, { repository, signal }),
    );
    if (isAsked) memory.askedAgain(run, clock.now());
  }
}

/** Cancels what runs for the branch. It must not stand in the way of the next push, nor of an abort: what cannot be cancelled runs to its end. */
export async function cancelRuns(scope: RunControl, sha: Sha): Promise<void> {
  const { client, reads, repository, branch } = scope;
  const signal = AbortSignal.timeout(30_000);
  try {
    for (const run of await reads.runsOf(sha, signal)) {
      if (run.status === "completed" || run.branch !== branch) continue;
      const path = `${reads.root}/actions/runs/${run.id}/cancel`;
      await client.send("POST", path, undefined, Nothing, { repository, signal });
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const name = `${repository.owner}/${repository.name}`;
    console.error(`CI of ${name} ${sha.slice(0, 10)} was not cancelled: ${why}`);
  }
}

/** False when GitHub does not let this token do it, or not with this run. */
async function tolerant(send: () => Promise<{ is: "done" | "refused" }>): Promise<boolean> {
  try {
    return (await send()).is === "done";
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 403) return false;
    throw error;
  }
}
