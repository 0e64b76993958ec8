import type { LaneSource } from "../lane-rule.ts";

/**
 * A job or step that ran into its time limit. It is cancelled by the runner, but what hangs is mostly the code: it counts as code, and being
 * re-run once is a matter of the flaky lane.
 */
export const timeLimit: LaneSource = {
  rules: [
    {
      lane: "code",
      reason: "it ran into its time limit",
      force: "ends_job",
      literals: [
        "has exceeded the maximum execution time",
        "execution took longer than",
        "Timeout has been exceeded",
        "has timed out after",
        "No output has been received in the last",
      ],
      pattern:
        /^(?:##\[error\]|Error: |ERROR: )?(?:The job |Job failed: execution took|The action .{1,200} has timed out after \d|Timeout has been exceeded$|No output has been received)/,
    },
  ],
};
