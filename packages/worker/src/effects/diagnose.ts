import {
  changedPaths,
  excerptOfJobs,
  fingerprint,
  laneOf,
  retryAt,
  withEvidence,
  type Failure,
  type LogReading,
  type Sha,
} from "@ampx/core";
import type { TaskContext } from "../loop/task-context.ts";
import { keepLog } from "./keep-log.ts";
import { readLog } from "./read-log.ts";

/** What of a failing log goes back to the agent, over all failed jobs together. */
export const maxExcerptChars = 4_000;
/** How many failures are kept as data. */
export const maxFailures = 50;

/** A failed job: its log as it is kept, and what that says. */
interface Job {
  name: string;
  file: string;
  reading: LogReading;
}

/** Reads the logs of what failed and records what they say: whose fault it is, what failed, and the part that goes back to the agent. */
export async function diagnose(context: TaskContext, sha: Sha): Promise<void> {
  const { state, policy, clock } = context;
  const { phase, base, baseVerdict } = state;
  if (phase.name !== "diagnosing") throw new Error(`a diagnosis in "${phase.name}"`);
  const jobs = await failedJobs(context, sha);
  const log = worst(jobs);
  const isBaseKnown = base === null || baseVerdict?.sha === base;
  // Only what looks like the code's may have been red before: the base has no part in a network that is down.
  if (log.lane === "code" && policy.checksBase && !isBaseKnown && !phase.asksBase)
    return context.record({ type: "base_asked", at: clock.now(), sha: base });

  const failures = distinct(jobs.flatMap(({ reading }) => reading.failures));
  const { lane, reason, evidence } = laneOf({
    log,
    failures,
    changed: await changedFiles(context, sha),
    base: baseOf(context),
    greenBefore: state.green === sha,
    rerunDone: phase.reran,
    acceptsRedBase: state.allowed.includes("base_is_red"),
  });
  const at = clock.now();
  const excerpt =
    context.redact(excerptOfJobs(jobs, maxExcerptChars)) || "CI is red, and left no log.";
  const attempt = state.spent.attempts;
  await context.record({
    type: "diagnosed",
    at,
    sha,
    lane,
    reason: withEvidence({ reason, evidence: context.redact(evidence) }),
    // What was chance need not wait; what is broken outside is given time to be mended.
    retryAt: lane === "flaky" ? at : retryAt(at, phase.errors + 1),
    excerpt,
    log: jobs.map(({ file }) => file).join(", "),
    failures: failures.slice(0, maxFailures),
  });
  for (const line of excerpt.split("\n")) context.log.add("ci", attempt, line);
}

async function failedJobs(context: TaskContext, sha: Sha): Promise<Job[]> {
  const jobs: Job[] = [];
  const { ci } = context.ports;
  const { attempts } = context.state.spent;
  try {
    for (const { job, file } of await ci.failures(sha, context.signal)) {
      const name = job.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 60);
      const kept = context.logFile(`ci-${attempts}-${name}.log`);
      await keepLog(file, kept, context);
      jobs.push({ name: job, file: kept, reading: await readLog(kept, context) });
    }
  } finally {
    await ci.forgetFailures?.(sha);
  }
  return jobs;
}

/** What the change touches; nothing where that cannot be told, which excuses no failure. */
async function changedFiles({ ports, state, signal }: TaskContext, sha: Sha): Promise<string[]> {
  const diff = state.base === null ? null : await ports.workspace.diff(state.base, sha, signal);
  return diff === null ? [] : changedPaths(diff);
}

function baseOf({ state }: TaskContext) {
  const { baseVerdict, base } = state;
  const isCurrent = baseVerdict !== null && baseVerdict.sha === base;
  return {
    is: isCurrent ? baseVerdict.is : ("unknown" as const),
    fingerprints: isCurrent ? baseVerdict.fingerprints : [],
    everSeen: baseVerdict?.everSeen ?? [],
  };
}

/** One job that failed for its code makes the whole red the code's. */
function worst(jobs: readonly Job[]): LogReading["lane"] {
  const lanes = jobs.map(({ reading }) => reading.lane);
  return (
    lanes.find(({ lane }) => lane === "code") ??
    lanes[0] ?? { lane: "code", reason: "CI is red, and left no log", evidence: "" }
  );
}

function distinct(failures: readonly Failure[]): Failure[] {
  return [...new Map(failures.map((failure) => [fingerprint(failure), failure])).values()];
}
