import type { Annotation } from "../check.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";

/** Which jobs or runs a plan is for; what is left out matches all. */
export interface PlanFor {
  /** `owner/name`. */
  readonly repository?: string;
  /** The workflow's name or path. */
  readonly workflow?: string;
  readonly event?: string;
  readonly branch?: string;
  readonly sha?: string;
  /** 1 is the first. */
  readonly attempt?: number;
  /** The job's key or name. A plan that names a job is not one for runs. */
  readonly job?: string;
}

/** How a job goes. */
export interface JobOutcome {
  readonly conclusion?: "success" | "failure" | "cancelled" | "skipped" | "timed_out" | "neutral";
  /** Waiting for a runner; 0 by default. */
  readonly queuedMs?: number;
  /** From its start to its end; 0 by default, Infinity for a job that never ends. */
  readonly afterMs?: number;
  /** What its failing or last step prints. */
  readonly log?: string;
  readonly annotations?: readonly Annotation[];
  /** The `run:` steps are really run by bash, in a checkout of the commit. */
  readonly execute?: boolean;
}

/** How a run comes about. */
export interface RunOutcome {
  /** From the push until the run is there; 0 by default. */
  readonly appearsAfterMs?: number;
  /** Since its creation: when the listings do not show it. */
  readonly hiddenMs?: readonly (readonly [from: number, to: number])[];
  /** The event is lost: no run. */
  readonly dropped?: boolean;
  /** Without jobs. */
  readonly conclusion?: "startup_failure" | "action_required";
}

/** What a plan that is a function can decide by. */
export interface JobSeen extends Required<PlanFor> {
  /** A file of the commit; undefined where it has none by that path. */
  read(path: string): Promise<string | undefined>;
}

export type JobPlan = JobOutcome | ((job: JobSeen) => JobOutcome | Promise<JobOutcome>);

/** The newest plan that matches is followed. */
export interface Plans {
  readonly jobs: { readonly of: PlanFor; readonly plan: JobPlan }[];
  readonly runs: { readonly of: PlanFor; readonly plan: RunOutcome }[];
}

/** What a plan is held against. */
export interface Planned {
  readonly repository: Repository;
  readonly workflow: { readonly name: string; readonly path: string };
  readonly event: string;
  readonly branch: string;
  readonly sha: string;
  readonly attempt: number;
  readonly job?: { readonly key: string; readonly name: string };
}

export function findPlan<P>(
  plans: readonly { readonly of: PlanFor; readonly plan: P }[],
  planned: Planned,
): P | undefined {
  return plans.findLast(({ of }) => matches(of, planned))?.plan;
}

function matches(of: PlanFor, planned: Planned): boolean {
  const { workflow, job } = planned;
  const { repository = fullName(planned.repository), event = planned.event } = of;
  const { branch = planned.branch, sha = planned.sha, attempt = planned.attempt } = of;
  return (
    repository === fullName(planned.repository) &&
    event === planned.event &&
    branch === planned.branch &&
    sha === planned.sha &&
    attempt === planned.attempt &&
    (of.workflow === undefined || [workflow.name, workflow.path].includes(of.workflow)) &&
    (of.job === undefined || (job !== undefined && [job.key, job.name].includes(of.job)))
  );
}
