/** One step of a CI job. A log that names no steps is one step. */
export interface Step {
  /** Whether an error of the CI system stands in it. */
  hasFailed: boolean;
  /** Whether it only puts things away after the others. */
  isCleanup: boolean;
}

/** What a line is to its step. */
export type LinePlace =
  /** The line that begins a step, and names it or its command. */
  | "start"
  /** The script of the step, shown before it runs. */
  | "script"
  /** Inputs, environment, and other settings shown before the step runs. */
  | "settings"
  /** A command that a shell or package manager says it starts. */
  | "command"
  /** The name of the job. */
  | "job"
  /** What the CI system says about a failed step. */
  | "error"
  | "output";

/** Follows the steps of a job through its plain lines. */
export function stepFollower(): { step: Step; take(line: string): LinePlace } {
  let heading: "script" | "settings" | null = null;
  let headingLines = 0;

  const follower = {
    step: newStep(),
    take: (line: string): LinePlace => {
      const first = line.charCodeAt(0);
      if (first === hash || first === letterP) {
        const start = starts.find((pattern) => pattern.test(line));
        if (start !== undefined) {
          follower.step = newStep(start === cleanup);
          heading = start === groupOfStep ? "script" : null;
          headingLines = 0;
          return "start";
        }
        if (line.startsWith("##[error]")) {
          follower.step.hasFailed = true;
          heading = null;
          return "error";
        }
        if (heading !== null && line === "##[endgroup]") {
          heading = null;
          return "settings";
        }
      }
      if (heading !== null) {
        if (++headingLines > 400) heading = null;
        else if (settings.test(line)) heading = "settings";
        return heading ?? "output";
      }
      if (first === letterC && jobName.test(line)) return "job";
      return commandMark.has(first) && command.test(line) ? "command" : "output";
    },
  };
  return follower;
}

function newStep(isCleanup = false): Step {
  return { hasFailed: false, isCleanup };
}

const hash = 35;
const letterP = 80;
const letterC = 67;
/** GitHub shows command or action, script, shell and environment of a step in a group. */
const groupOfStep = /^##\[group\]Run /;
const cleanup = /^Post job cleanup\.$/;
const starts = [groupOfStep, cleanup, /^##\[section\]Starting: /];
const settings = /^(?:shell: \S|env:$|with:$|##\[endgroup\])/;
const jobName = /^Complete job name: /;
const commandMark: ReadonlySet<number> = new Set(
  ["$", "+", ">", "#", "["].map((c) => c.charCodeAt(0)),
);
/** `set -x`, yarn, npm, and the runner. */
const command =
  /^(?:\${1,2} [\w./@~-]|\+{1,3} [\w./@~[-]|> [@\w][\w./@:~-]*(?: \S|$)|(?:##)?\[command\])/;
