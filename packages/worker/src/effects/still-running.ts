import type { CiVerdict, Sha } from "@ampx/core";
import type { Pause } from "../loop/perform.ts";
import type { TaskContext } from "../loop/task-context.ts";

/** The pause until the next look at a CI that has no verdict yet; undefined once it has one, or nobody waits for it any more. */
export function stillRunning(
  context: TaskContext,
  verdict: CiVerdict,
  { what, sha, overdue }: { what: "CI of" | "CI of the base"; sha: Sha; overdue: boolean },
): Pause | undefined {
  // One that ends by itself is waited for however long it takes.
  if (verdict.is !== "running" || (overdue && !verdict.endsItself)) return undefined;
  const until = context.clock.now() + (verdict.lookAgainMs ?? context.policy.ciPollMs);
  return { until, reason: `${what} ${sha.slice(0, 8)}: ${verdict.reason}` };
}
