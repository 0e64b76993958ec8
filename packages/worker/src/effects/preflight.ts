import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { excerptOfJobs, withEvidence, type Sha, type TaskEvent } from "@ampx/core";
import type { TaskContext } from "../loop/task-context.ts";
import { maxExcerptChars, maxFailures } from "./diagnose.ts";
import { readLog } from "./read-log.ts";

type Judged = Extract<TaskEvent, { type: "preflight_judged" }>;

/** Runs the project's quick checks on the commit that is about to be pushed; the worktree holds it. */
export async function preflight(context: TaskContext, commit: Sha): Promise<void> {
  const attempt = context.state.spent.attempts;
  const judgement = await judge(context);
  await context.record({ type: "preflight_judged", at: context.clock.now(), commit, ...judgement });
  if (judgement.excerpt === "") return;
  for (const line of judgement.excerpt.split("\n")) context.log.add("ci", attempt, line);
}

async function judge(context: TaskContext): Promise<Omit<Judged, "type" | "at" | "commit">> {
  const { ports, state, signal, clock, processes } = context;
  const nothing = { ms: 0, command: "", reason: "", excerpt: "", log: "", failures: [] };
  if (ports.preflight === null)
    return { ...nothing, is: "errored", reason: "the project wants none any more" };

  const { path: cwd } = await ports.workspace.prepare(signal);
  await using tmp = await context.turnFolder();
  const log = context.logFile(`preflight-${state.spent.attempts}.log`);
  await mkdir(dirname(log), { recursive: true, mode: 0o700 });
  const startedAt = clock.awake();
  const run = { cwd, tmp: tmp.path, mark: processes.mark, logFile: log };
  const verdict = await ports.preflight.run(run, signal);
  // A check may rewrite what it checks, a lockfile say; the commit is what is pushed.
  await ports.workspace.restore(signal);
  const ms = Math.max(0, Math.round(clock.awake() - startedAt));
  if (verdict.is === "passed") return { ...nothing, is: "passed", ms, log };

  const { command } = verdict;
  const reading = await readLog(log, context);
  const excerpt = context.redact(excerptOfJobs([{ name: command, reading }], maxExcerptChars));
  const failures = reading.failures.slice(0, maxFailures);
  // No network, a missing tool: CI has its own, and judges.
  const is = reading.lane.lane === "code" ? "failed" : "errored";
  const reason = withEvidence(reading.lane);
  return { is, ms, command, reason, excerpt, log, failures };
}
