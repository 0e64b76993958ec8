import { retryAt, type Sha } from "@ampx/core";
import type { Pause } from "../loop/perform.ts";
import type { TaskContext } from "../loop/task-context.ts";
import { stillRunning } from "./still-running.ts";

/** Looks at CI of one commit. What is still running is no event, only a reason to wait. */
export async function readCi(
  context: TaskContext,
  { sha, overdue }: { sha: Sha; overdue: boolean },
): Promise<Pause | undefined> {
  const { ci } = context.ports;
  const verdict = await ci.verdict(sha, context.signal);
  const pause = stillRunning(context, verdict, { what: "CI of", sha, overdue });
  if (pause !== undefined) return pause;
  const at = context.clock.now();
  switch (verdict.is) {
    case "running":
      // Nobody waits for it any more.
      await ci.cancel(sha);
      await context.record({ type: "ci_timed_out", at, sha });
      return undefined;
    case "passed":
      await context.record({ type: "ci_passed", at, sha, run: verdict.run });
      return undefined;
    case "failed":
      await context.record({ type: "ci_failed", at, sha, run: verdict.run, jobs: verdict.jobs });
      return undefined;
    case "errored": {
      const { phase } = context.state;
      const count = phase.name === "awaiting_ci" ? (phase.errors?.count ?? 0) + 1 : 1;
      await context.record({
        type: "ci_errored",
        at,
        sha,
        cause: verdict.cause,
        retryAt: retryAt(at, count),
      });
      return undefined;
    }
    case "blocked": {
      const { reason } = verdict;
      await context.record({ type: "ci_missing", at, sha, reason, blocked: true });
      return undefined;
    }
    case "moved": {
      const { found, reason } = verdict;
      await context.record({ type: "branch_moved", at, found, detail: reason });
      return undefined;
    }
    case "none":
      await context.record({ type: "ci_missing", at, sha, reason: verdict.reason });
      return undefined;
  }
}
