import type { CiRun } from "./run-ci.ts";

/** What `ampx ci run` says at its end, and its exit code: 0 when the commit passed or another process judges it, else 1. */
export function ciRunReport(run: CiRun): { text: string; exitCode: number } {
  switch (run.is) {
    case "judged": {
      const { status, commit, duration } = run.status;
      const when = run.now ? `in ${duration} s` : "already";
      return {
        text: `${status} ${commit} ${when}; log: ${run.log}`,
        exitCode: status === "PASS" ? 0 : 1,
      };
    }
    case "running":
      return {
        text: `Process ${run.heldBy.pid} on ${run.heldBy.host} is judging this commit`,
        exitCode: 0,
      };
    case "no_script":
      return { text: `No CI: ${run.reason}`, exitCode: 1 };
    case "errored":
      return { text: `The commit could not be judged: ${run.cause}`, exitCode: 1 };
    case "cancelled":
      return { text: "Cancelled: no verdict", exitCode: 1 };
  }
}
