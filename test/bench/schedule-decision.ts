import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { schedule } from "@ampx/core";
import type { Figure } from "./figure.ts";
import type { Finding, Round } from "./finding.ts";
import { backlogLimits, backlogNow, type BacklogShape, largeBacklog } from "./large-backlog.ts";

const once = join(import.meta.dirname, "schedule-once-main.ts");
const warmUp = 40;
const samples = 100;
const rounds = 3;

/** Who begins now, of 10,000 queued tickets with 500 locks and 5,000 dependencies. */
export const scheduleDecision: Figure = {
  name: "schedule-decision",
  async run(_, signal) {
    const findings: Finding[] = [];
    for (const shape of ["usual", "hardest"] as const)
      findings.push(warm(shape, signal), await cold(shape, signal));
    return findings;
  },
};

function warm(shape: BacklogShape, signal: AbortSignal): Finding {
  const backlog = largeBacklog(shape);
  const decide = () => {
    signal.throwIfAborted();
    const startedAt = performance.now();
    schedule(backlog, backlogLimits, backlogNow);
    return performance.now() - startedAt;
  };
  for (let n = 0; n < warmUp; n++) decide();
  return {
    what: `one decision about 10,000 tickets, the ${shape} backlog`,
    unit: "ms",
    rounds: Array.from({ length: rounds }, () => ({
      measured: Array.from({ length: samples }, decide),
      baseline: [],
    })),
    baseline: null,
    target: { is: "most", of: "median", atMost: 20 },
  };
}

/** Before anything is compiled: the one time that a process is slow at it. */
async function cold(shape: BacklogShape, signal: AbortSignal): Promise<Finding> {
  const round: Round = { measured: [], baseline: [] };
  for (let n = 0; n < 15; n++) {
    const { stdout } = await promisify(execFile)(process.execPath, [once, shape], { signal });
    round.measured.push(Number(stdout));
  }
  return {
    what: `the first decision of a process, the ${shape} backlog`,
    unit: "ms",
    rounds: [round],
    baseline: null,
    target: null,
  };
}
