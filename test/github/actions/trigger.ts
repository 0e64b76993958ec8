import type { Account } from "../account.ts";
import { commitFacts, fileAt, workflowPaths } from "../git/commit-facts.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";
import type { Occasion } from "./matches-filter.ts";
import { matchesFilter } from "./matches-filter.ts";
import { findPlan } from "./plan.ts";
import { endWithoutJobs, startAttempt } from "./run-jobs.ts";
import type { Run, Workflow } from "./run.ts";
import type { WorkflowFile } from "./workflow-file.ts";
import { readWorkflowFile } from "./workflow-file.ts";

/** Something happened that workflows may run for. */
export interface Trigger {
  readonly event: string;
  /** What the workflow sees as `github.ref`. */
  readonly ref: string;
  /** Shown as the run's head branch. */
  readonly branch: string;
  /** Shown as the run's head commit: of a pull request its head, not the trial merge. */
  readonly sha: string;
  readonly occasion: Occasion;
  readonly actor: Account;
  readonly pullNumber?: number;
}

/** Makes the runs that the workflow files of the commit ask for. */
export async function trigger(
  world: World,
  repository: Repository,
  happened: Trigger,
  at: number,
): Promise<void> {
  if (!repository.actionsEnabled || (await saysSkip(repository, happened))) return;
  for (const path of await workflowPaths(repository, happened.sha)) {
    const content = (await fileAt(repository, happened.sha, path)) ?? "";
    const file = await readWorkflowFile(path, content);
    const workflow = workflowOf(world, repository, file, at);
    if (workflow.state === "active" && asksFor(file, happened))
      createRun(world, repository, workflow, file, happened, at);
  }
}

/** Every workflow file of the default branch is known before it has ever run. */
export async function noteWorkflows(
  world: World,
  repository: Repository,
  sha: string,
  at: number,
): Promise<void> {
  for (const path of await workflowPaths(repository, sha)) {
    const content = (await fileAt(repository, sha, path)) ?? "";
    workflowOf(world, repository, await readWorkflowFile(path, content), at);
  }
}

async function saysSkip(repository: Repository, { event, sha }: Trigger): Promise<boolean> {
  if (event !== "push" && event !== "pull_request") return false;
  const { message = "" } = (await commitFacts(repository, sha)) ?? {};
  return skip.test(message) || /\n\n(?:.+\n)*skip-checks: ?true(?:\n|$)/i.test(message);
}

const skip = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i;

/** A file that cannot be read fails at every push, as nobody knows what it is for. */
function asksFor(file: WorkflowFile, { event, occasion }: Trigger): boolean {
  if (file.errors.length > 0) return event === "push";
  const filter = file.on[event];
  return filter !== undefined && matchesFilter(event, filter, occasion);
}

function workflowOf(
  world: World,
  repository: Repository,
  { path, name }: WorkflowFile,
  at: number,
): Workflow {
  const known = repository.workflows.find((one) => one.path === path);
  if (known !== undefined) {
    known.name = name;
    return known;
  }
  const id = world.nextId();
  const workflow: Workflow = { id, path, name, state: "active", createdAt: at, runs: 0 };
  repository.workflows.push(workflow);
  return workflow;
}

function createRun(
  world: World,
  repository: Repository,
  workflow: Workflow,
  file: WorkflowFile,
  { event, ref, branch, sha, actor, pullNumber }: Trigger,
  at: number,
): void {
  const planned = { repository, workflow, event, branch, sha, attempt: 1 };
  const plan = findPlan(world.plans.runs, planned) ?? {};
  if (plan.dropped === true) return;

  world.schedule.at(at + (plan.appearsAfterMs ?? 0), async (createdAt) => {
    const commit = await commitFacts(repository, sha);
    if (commit === undefined) return;
    const issue = repository.issues.find(({ number }) => number === pullNumber);
    const run: Run = {
      id: world.nextId(),
      number: ++workflow.runs,
      suiteId: world.nextId(),
      workflow,
      file,
      event,
      sha,
      commit,
      branch,
      title: issue?.title ?? commit.message.split("\n")[0]!,
      actor,
      pullNumber,
      ref,
      createdAt,
      updatedAt: createdAt,
      concurrency: undefined,
      hidden: (plan.hiddenMs ?? []).map(([from, to]) => [createdAt + from, createdAt + to]),
      attempts: [],
      logs: "kept",
    };
    repository.runs.push(run);
    const conclusion = file.errors.length > 0 ? "startup_failure" : plan.conclusion;
    if (conclusion === undefined) await startAttempt(world, repository, run, actor, createdAt);
    else endWithoutJobs(world, repository, run, conclusion, createdAt);
  });
}
