import type { Instant, Millis } from "@ampx/core";
import type { ListedRun } from "./answers/index.ts";

/** What is known of the CI of a commit when its next look is chosen. */
export interface Outlook {
  /** Runs that go on; none: what is waited for has not reported yet. */
  going: readonly ListedRun[];
  /** What the repository has run of late, by which the usual time of a workflow is known. */
  listed: readonly ListedRun[];
  /** When the commit was first looked for. */
  since: Instant;
  /** By the clock that stamps the runs. */
  now: Instant;
  /** The first run to end may decide; otherwise the last one does. */
  failFast: boolean;
  /** A webhook will tell of the end, unless it is lost. */
  hasHooks: boolean;
}

/** When the tasks of a repository look. */
export interface Pace {
  now: Instant;
  /** All look at multiples of it. */
  tickMs: Millis;
  /** Ticks between two looks when nothing is about to happen. */
  slowTicks: number;
}

/** What nobody knows the usual time of is looked at often for so long. */
const youngTicks = 10;
/** Whoever is told of the end of a run looks only lest a webhook was lost: so often, but no less than every 5 minutes. */
const toldTicks = 30;
const longestMs: Millis = 5 * 60_000;

/**
 * How long until the next look: a tick while by the usual time of its workflows the verdict is near, a few before and long after. It is aligned, so that
 * the looks of all tasks fall together and one listing serves them all.
 */
export function lookInterval(outlook: Outlook, { now, tickMs, slowTicks }: Pace): Millis {
  const { going, hasHooks, failFast } = outlook;
  // Of what has not begun, or of a job that fails in a run that goes on, nobody tells.
  const isTold = hasHooks && going.length > 0 && !failFast;
  const wanted = isTold
    ? Math.max(tickMs, Math.min(toldTicks * tickMs, longestMs))
    : isNear(outlook, tickMs)
      ? tickMs
      : slowTicks * tickMs;
  return Math.round(Math.ceil((now + wanted - tickMs / 2) / tickMs) * tickMs - now);
}

function isNear({ going, listed, since, now, failFast }: Outlook, tickMs: Millis): boolean {
  if (going.length === 0) return now - since < youngTicks * tickMs;
  const places = going.map((run): "before" | "near" | "after" => {
    const ran = now - run.startedAt;
    const usual = usualTime(run, listed);
    if (usual === null) return ran < youngTicks * tickMs ? "near" : "after";
    const margin = Math.max(2 * tickMs, usual / 4);
    if (Math.abs(ran - usual) <= margin) return "near";
    return ran < usual ? "before" : "after";
  });
  return places.includes("near") && (failFast || !places.includes("before"));
}

/** How long the workflow takes when it succeeds, else when it ends as it does; null when it has not ended yet. */
function usualTime({ workflowId }: ListedRun, listed: readonly ListedRun[]): Millis | null {
  const ended = listed.filter((run) => run.workflowId === workflowId && run.status === "completed");
  const timesOf = (conclusion: string) =>
    ended
      .filter((run) => run.conclusion === conclusion)
      .map(({ updatedAt, startedAt }) => updatedAt - startedAt);
  return median(timesOf("success")) ?? median(timesOf("failure"));
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
