import { fingerprint, type Sha } from "@ampx/core";
import type { Pause } from "../loop/perform.ts";
import type { TaskContext } from "../loop/task-context.ts";
import { readLog } from "./read-log.ts";
import { stillRunning } from "./still-running.ts";

/** Asks CI about the commit that the change is built on. A verdict that does not come in time is none. */
export async function judgeBase(
  context: TaskContext,
  { sha, overdue }: { sha: Sha; overdue: boolean },
): Promise<Pause | undefined> {
  const { ci } = context.ports;
  const verdict = await ci.verdict(sha, context.signal);
  const pause = stillRunning(context, verdict, { what: "CI of the base", sha, overdue });
  if (pause !== undefined) return pause;
  const at = context.clock.now();
  const red = verdict.is === "failed" ? await redOf(context, sha) : null;
  const is = verdict.is === "passed" ? "passed" : red === null ? "unknown" : "failed";
  await context.record({ type: "base_judged", at, sha, is, fingerprints: red ?? [] });
  return undefined;
}

/** The fingerprints of what is red, or null when that says nothing about the code, such as a network that was down. */
async function redOf(context: TaskContext, sha: Sha): Promise<string[] | null> {
  const all = new Set<string>();
  const { ci } = context.ports;
  try {
    for (const { file } of await ci.failures(sha, context.signal)) {
      const { failures, lane } = await readLog(file, context);
      if (lane.lane !== "code") continue;
      for (const failure of failures) all.add(fingerprint(failure));
    }
  } finally {
    await ci.forgetFailures?.(sha);
  }
  return all.size === 0 ? null : [...all].slice(0, maxFingerprints);
}

const maxFingerprints = 200;
