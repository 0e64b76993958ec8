import type { LaneSource } from "../lane-rule.ts";

/** The machine that runs the job, and the service that gives it out. */
export const runner: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "the runner was shut down",
      force: "ends_job",
      literals: ["The runner has received a shutdown signal"],
    },
    {
      lane: "infrastructure",
      reason: "the runner was lost",
      force: "ends_job",
      literals: [
        "lost communication with the server",
        "hosted runner encountered an error while running your job",
        "We stopped hearing from agent",
        "Agent went offline during the build",
        "the agent stopped sending heartbeats",
        "(Agent Lost)",
        "experienced an infrastructure failure",
        "Infrastructure fail:",
        "hudson.remoting.ChannelClosedException",
        "ERROR: Job failed (system failure)",
        "runner system failure",
        "The runner was terminated",
        "was preempted while running",
        "The node was low on resource",
      ],
    },
    {
      lane: "infrastructure",
      reason: "no runner took the job",
      force: "ends_job",
      literals: [
        "was not acquired by Runner",
        "doesn't have any runners online assigned",
        "did not find any online and idle",
        "No runner is currently available",
        "timed out waiting for a runner",
        "waiting for a runner to pick up this job timed out",
      ],
    },
    {
      lane: "infrastructure",
      reason: "the CI service had an internal error",
      force: "ends_job",
      literals: [
        "GitHub Actions has encountered an internal error",
        "Internal server error. Correlation ID",
        "Failed to queue this job",
        "An internal error occurred while creating the job",
      ],
    },
    {
      lane: "infrastructure",
      reason: "the machine for the job could not be prepared",
      literals: [
        "ERROR: Preparation failed",
        "One or more containers failed to start",
        "Failed to initialize container",
        "prepare environment: waiting for pod running: timed out",
      ],
      pattern: /^(?:##\[error\]|ERROR: )?.{0,120}(?:failed|timed out)/i,
    },
    {
      lane: "infrastructure",
      reason: "the runner is too old for the CI service",
      force: "ends_job",
      literals: ["is deprecated and cannot receive messages"],
    },
  ],
};
