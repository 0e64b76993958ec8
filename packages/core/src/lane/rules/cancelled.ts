import type { LaneSource } from "../lane-rule.ts";

/** A job that somebody or something stopped. "The operation was canceled" is also what .NET programs say: only the bare line counts. */
export const cancelled: LaneSource = {
  rules: [
    {
      lane: "cancelled",
      reason: "a newer run took its place",
      force: "settles",
      literals: ["Canceling since a higher priority waiting request", "Superseded by #"],
    },
    {
      lane: "cancelled",
      reason: "somebody or another job's failure cancelled it",
      force: "ends_job",
      literals: [
        "The operation was canceled.",
        "The run was canceled by",
        "The job was canceled because",
        "The workflow run was canceled",
        "The strategy configuration was canceled because",
        "ERROR: Job failed: canceled",
        "WARNING: step_script could not run to completion because the job was canceled",
        "Build was aborted",
        "Build was cancel",
        "Job was cancel",
        "Aborted by ",
      ],
      pattern:
        /^(?:##\[error\]|Error: |ERROR: )?(?:The operation was canceled\.$|The (?:run|job|workflow run|strategy configuration) was canceled|Job failed: canceled|WARNING: step_script|(?:Build|Job|This job) was (?:aborted|cancell?ed)\b|Aborted by \S)/,
    },
  ],
};
