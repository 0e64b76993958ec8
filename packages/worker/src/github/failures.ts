import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { newestRuns, type CommitStatus, type RequiredCheck, type Sha } from "@ampx/core";
import type { Job, ListedCheck, ListedRun } from "./answers/index.ts";
import type { Call, GitHubClient } from "./client.ts";
import { downloadJobLog, writeAnnotations } from "./job-logs.ts";
import type { GitHubReads } from "./reads.ts";

/** What was red of a commit. */
export interface Reds {
  runs: readonly ListedRun[];
  /** Of other apps than Actions. */
  checks: readonly ListedCheck[];
  statuses: readonly (CommitStatus & { description: string })[];
  required: readonly RequiredCheck[];
}

const failed = new Set(["failure", "timed_out", "startup_failure"]);

/** What is red of all rows of a commit; null: could not be read. */
export function redsOf(rows: {
  runs: readonly ListedRun[];
  checks: readonly ListedCheck[] | null;
  statuses: Reds["statuses"] | null;
  required: Reds["required"] | null;
}): Reds {
  const { runs, required } = rows;
  const suites = new Set(runs.map(({ suiteId }) => suiteId));
  const isWanted = (context: string) =>
    required === null || required.length === 0 || required.some((one) => one.context === context);
  return {
    runs: newestRuns(runs).filter(({ conclusion }) => failed.has(conclusion ?? "")),
    checks: (rows.checks ?? []).filter(
      ({ conclusion, suiteId, name }) =>
        failed.has(conclusion ?? "") &&
        (suiteId === null || !suites.has(suiteId)) &&
        isWanted(name),
    ),
    statuses: (rows.statuses ?? []).filter(
      ({ state, context }) => (state === "failure" || state === "error") && isWanted(context),
    ),
    required: required ?? [],
  };
}

/** A matrix may fail in a hundred jobs for one cause. */
const maxJobs = 12;

/** Gets the logs of all that failed as files in a folder of their own, which is emptied before. */
export async function gitHubFailures(
  { client, reads, folder }: { client: GitHubClient; reads: GitHubReads; folder: string },
  { runs, checks, statuses, required }: Reds,
  sha: Sha,
  call: Call,
): Promise<{ job: string; file: string }[]> {
  await rm(folder, { recursive: true, force: true });
  const found: { job: string; file: string }[] = [];
  const fileOf = (name: string) => join(folder, sha.slice(0, 10), `${name}.log`);
  const write = async (job: string, name: string, text: string) => {
    const file = fileOf(name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, `${text}\n`, { mode: 0o600 });
    found.push({ job, file });
  };

  for (const run of runs) {
    const jobs = (await reads.jobsOf(run.id, call.signal)).filter(({ conclusion }) =>
      failed.has(conclusion ?? ""),
    );
    const wanted = ofRequired(jobs, required);
    if (wanted.length === 0)
      await write(
        run.name,
        `run-${run.id}`,
        `##[error]${run.name} (${run.path}) failed without a job: ${run.conclusion}. The workflow file may be invalid: ${run.url}`,
      );
    for (const job of wanted.slice(0, maxJobs - found.length)) {
      const file = fileOf(`job-${job.id}`);
      const path = `${reads.root}/actions/jobs/${job.id}/logs`;
      if (!(await downloadJobLog(client, path, file, call)))
        await writeAnnotations(
          client,
          { root: reads.root, id: job.id, heading: headingOf(job) },
          file,
          call,
        );
      found.push({ job: job.name, file });
    }
  }
  for (const check of checks) {
    const file = fileOf(`check-${check.id}`);
    const heading = [`${check.name}: ${check.conclusion} ${check.url}`, check.output];
    await writeAnnotations(client, { root: reads.root, id: check.id, heading }, file, call);
    found.push({ job: check.name, file });
  }
  for (const [at, { context, state, description, url }] of statuses.entries())
    await write(context, `status-${at}`, `${context}: ${state}: ${description} ${url}`);
  return found;
}

function ofRequired(jobs: readonly Job[], required: readonly RequiredCheck[]): readonly Job[] {
  const named = jobs.filter(({ name }) => required.some(({ context }) => context === name));
  return named.length > 0 ? named : jobs;
}

function headingOf({ name, conclusion, steps, html_url: url }: Job): string[] {
  const step = steps?.find((one) => failed.has(one.conclusion ?? ""));
  const at = step === undefined ? "" : ` in the step "${step.name}"`;
  return [`##[error]${name}: ${conclusion}${at}. GitHub has no log of it (any more): ${url ?? ""}`];
}
