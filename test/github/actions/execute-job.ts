import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { gitEnv } from "../git/git.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";
import { contextOf } from "./expand-job.ts";
import { evaluate, isTruthy } from "./expression.ts";
import { header, numbered, setUp, stamp, stepName } from "./job-steps.ts";
import type { Job, Run, Step } from "./run.ts";
import { latest } from "./run.ts";
import type { Value } from "./workflow-file.ts";

/**
 * Runs the `run:` steps of a job by `bash -e`, in a checkout of its commit; `uses:` steps do nothing and succeed, the
 * checkout being there from the start. Ended by the signal.
 */
export async function executeJob(
  world: World,
  repository: Repository,
  run: Run,
  job: Job,
  signal: AbortSignal,
): Promise<{ conclusion: string; steps: Step[] }> {
  const planned = run.file.jobs.find(({ key }) => key === job.key)!;
  const base = contextOf(repository, run, latest(run), planned, job.matrix).values;
  const resolve = (value: Value, env: Record<string, string>, outcome: "success" | "failure") =>
    typeof value === "object" ? evaluate(value.expr, { values: { ...base, env }, outcome }) : value;

  const parent = join(world.folder, "jobs");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `${job.id}-`));
  let outcome: "success" | "failure" = "success";
  const done = [
    { name: "Set up job", conclusion: "success", log: stamp(setUp(job), job.startedAt!) },
  ];
  try {
    await execa("git", ["clone", "-q", "--no-checkout", repository.folder, "."], {
      cwd: folder,
      env: gitEnv,
    });
    await execa("git", ["checkout", "-q", "--detach", run.sha], { cwd: folder, env: gitEnv });
    for (const step of planned.steps) {
      const env: Record<string, string> = {
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_SHA: run.sha,
      };
      for (const [name, value] of Object.entries({ ...planned.env, ...step.env }))
        env[name] = String(resolve(value, env, outcome));
      const name = stepName(step.name);
      const runs = isTruthy(resolve({ expr: step.if }, env, outcome));
      if (!runs || signal.aborted || step.run === undefined) {
        done.push({ name, conclusion: runs ? "success" : "skipped", log: "" });
        continue;
      }
      const script = String(resolve(step.run, env, outcome));
      const ended = await runScript(script, folder, { ...gitEnv, ...env }, signal);
      const failed = ended.failed && !step.continueOnError;
      if (failed) outcome = "failure";
      const end = ended.failed
        ? [`##[error]Process completed with exit code ${ended.exitCode ?? 1}.`]
        : [];
      const text = [...header(script), ...(ended.all === "" ? [] : [ended.all]), ...end].join("\n");
      const conclusion = failed ? "failure" : "success";
      done.push({ name, conclusion, log: stamp(text, world.schedule.now()) });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { conclusion: outcome, steps: numbered(done, job.startedAt!, world.schedule.now()) };
}

/** In a session of its own, so that the signal ends also what it has started. */
async function runScript(
  script: string,
  cwd: string,
  env: Record<string, string>,
  signal: AbortSignal,
) {
  const options = { cwd, env, all: true, reject: false, stdin: "ignore", detached: true } as const;
  const bash = execa("bash", ["-e", "-c", script], options);
  const stop = () => {
    try {
      if (bash.pid !== undefined) process.kill(-bash.pid, "SIGKILL");
    } catch {
      // It has ended in this very moment.
    }
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await bash;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
