import { z } from "zod";
import { type Failure, fingerprint } from "../log/failure.ts";
import { oneLine } from "../one-line.ts";
import type { LogLane } from "./log-lane.ts";
import { cannotComeFrom, touchesSetup } from "./related.ts";

/** Whose failure a red run is. */
export const Lane = z.enum([
  "code",
  "flaky",
  "infrastructure",
  "cancelled",
  "configuration",
  "base_is_red",
]);
export type Lane = z.infer<typeof Lane>;

/** How each lane is called on screen, and what happens next; both stand inside a sentence. */
export const laneWords: Record<Lane, { words: string; next: string }> = {
  code: { words: "the code fails", next: "the agent gets the failures" },
  flaky: { words: "perhaps a flaky test", next: "CI is re-run once; no attempt is spent" },
  infrastructure: {
    words: "CI itself failed",
    next: "CI is re-run when it may have recovered; no attempt is spent",
  },
  cancelled: { words: "the run was cancelled", next: "CI is re-run; no attempt is spent" },
  configuration: {
    words: "CI is not set up for this",
    next: "a person has to repair the setup of CI; no attempt is spent",
  },
  base_is_red: {
    words: "the base branch fails in the same way",
    next: "a person decides whether to go on; no attempt is spent",
  },
};

/** What is known of a red run and its task. */
export interface RedRun {
  log: LogLane;
  failures: readonly Failure[];
  /** Paths that the task changed. An empty list means that they are not known. */
  changed: readonly string[];
  base: {
    is: "passed" | "failed" | "unknown";
    /** Fingerprints of the failures of the base branch now. */
    fingerprints: readonly string[];
    /** Fingerprints of failures ever seen on the base branch. */
    everSeen: readonly string[];
  };
  /** This very commit was green before. */
  greenBefore: boolean;
  /** This commit was re-run already. */
  rerunDone: boolean;
  /** A person said to go on although the base branch is red. */
  acceptsRedBase: boolean;
}

/** Decides whose failure a red run is, before any attempt is spent on it. */
export function laneOf(run: RedRun): { lane: Lane; reason: string; evidence: string } {
  const { log, failures, base } = run;
  // Who changes the setup of CI is asked to repair it.
  if (log.lane === "configuration" && touchesSetup(run.changed))
    return {
      lane: "code",
      reason: `${log.reason}; the task changed the setup`,
      evidence: log.evidence,
    };
  if (log.lane !== "code") return { lane: log.lane, reason: log.reason, evidence: log.evidence };

  const evidence = evidenceOf(failures[0]);
  const known = new Set(base.fingerprints);
  if (base.is === "failed" && !run.acceptsRedBase && areAll(failures, known))
    return {
      lane: "base_is_red",
      reason: "every failure is one of the base branch, too",
      evidence,
    };
  const excuse = run.rerunDone ? null : excuseOf(run);
  if (excuse !== null) return { lane: "flaky", reason: excuse, evidence };
  return { lane: "code", reason: log.reason, evidence: "" };
}

/** Why these failures may be gone in a re-run; null if one of them is the change's for all that is known. */
function excuseOf({ failures, changed, base, greenBefore }: RedRun): string | null {
  if (greenBefore) return "the same commit was green before";
  const seen = new Set(base.is === "passed" ? base.everSeen : []);
  const reasons = new Set<string>();
  for (const failure of failures) {
    if (failure.kind === "timeout") reasons.add("it ran into a time limit");
    else if (seen.has(fingerprint(failure)))
      reasons.add("the base branch, green now, has failed like this before");
    else if (cannotComeFrom(failure, changed)) reasons.add("the change does not touch what fails");
    else return null;
  }
  return reasons.size === 0 ? null : [...reasons].join("; ");
}

function areAll(failures: readonly Failure[], known: ReadonlySet<string>): boolean {
  return failures.length > 0 && failures.every((failure) => known.has(fingerprint(failure)));
}

function evidenceOf(failure: Failure | undefined): string {
  if (failure === undefined) return "";
  const { test, file, message } = failure;
  const where = test ?? file;
  return oneLine(where === undefined ? message : `${where}: ${message}`, { maxChars: 300 });
}
