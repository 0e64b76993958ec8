import type { Run } from "../actions/run.ts";
import { latest } from "../actions/run.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { repositoryRoute, type Route } from "../http/route.ts";
import type { LogStore } from "../logs/log-store.ts";
import { jobLog, runZip } from "../logs/log-text.ts";
import { jobOf, runOf } from "./actions.ts";

/** Logs are elsewhere: an address that is good for a minute. */
export function logRoutes(store: LogStore): Route[] {
  return [
    repositoryRoute("GET /actions/jobs/{job_id}/logs", "actions=read", (call) => {
      const { run, job } = jobOf(call);
      refuseLost(run);
      if (job.status !== "completed" || job.steps.length === 0) throw notFound();
      return { status: 302, headers: { location: store.put("text", jobLog(job), call.now) } };
    }),
    repositoryRoute("GET /actions/runs/{run_id}/logs", "actions=read", (call) => {
      const run = runOf(call);
      const { status, jobs } = latest(run);
      refuseLost(run);
      if (status !== "completed" || jobs.length === 0) throw notFound();
      return { status: 302, headers: { location: store.put("zip", runZip(jobs), call.now) } };
    }),
    repositoryRoute("DELETE /actions/runs/{run_id}/logs", "actions=write", (call) => {
      runOf(call).logs = "deleted";
      return { status: 204 };
    }),
  ];
}

/** What somebody deleted was never there; what was kept too long is gone. */
function refuseLost({ logs }: Run): void {
  if (logs === "deleted") throw notFound();
  if (logs === "expired") throw new Refusal(410, "Server Error");
}
