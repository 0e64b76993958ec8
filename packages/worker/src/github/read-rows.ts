import type { CommitStatus, Instant, Millis, RequiredCheck, Sha } from "@ampx/core";
import type { ListedCheck, ListedRun } from "./answers/index.ts";
import type { GitHubReads } from "./reads.ts";

/** All rows of a commit; null: they cannot be read. */
export interface LookedRows {
  runs: ListedRun[];
  /** What else the repository has run of late. */
  listed: ListedRun[];
  required: RequiredCheck[] | null;
  checks: ListedCheck[] | null;
  statuses: (CommitStatus & { description: string })[] | null;
}

export interface RowsWanted {
  sha: Sha;
  /** The task's branch, if it is its commit; null for another one, whose runs may be old. */
  branch: string | null;
  base: string;
  /** No run of the task's commit is older. */
  since: Instant;
  failFast: boolean;
  /** So many wait in the repository that a long listing for all is less than one for each. */
  isCrowded: boolean;
  /** How old what another task has asked may be. */
  freshFor: Millis;
  /** Whether by these runs another one is sure to come. */
  isToCome(runs: readonly ListedRun[]): boolean;
}

/** Looks at a commit; at its checks and statuses only when they can matter already: not while a run goes on, or is sure to come. */
export async function readRows(
  reads: GitHubReads,
  { sha, branch, base, since, failFast, isCrowded, freshFor, isToCome }: RowsWanted,
  signal: AbortSignal,
): Promise<LookedRows> {
  // Clocks differ a little.
  const first = since - 60_000;
  const until = isCrowded ? first : null;
  const { runs: listed, isAll } = await reads.newestRuns(signal, freshFor, until);
  let runs = listed.filter(({ headSha }) => headSha === sha);
  const oldest = listed.at(-1)?.createdAt ?? 0;
  const mayBeOlder = !isAll && oldest > first;
  if ((runs.length === 0 && !isAll && branch === null) || mayBeOlder)
    runs = await reads.runsOf(sha, signal, freshFor);
  const required = await reads.requiredOn(base, signal);
  const isOpen = runs.some(({ status }) => status !== "completed");
  const waits = (isOpen || isToCome(runs)) && !failFast && (required ?? []).length === 0;
  if (waits) return { runs, listed, required, checks: [], statuses: [] };
  const checks = await reads.checksOf(sha, signal);
  // The forge will want to know what the branch holds: that is the same question, whose answer has not changed.
  const head = branch === null ? null : await reads.headOf(branch, signal);
  const statuses = head?.sha === sha ? head.statuses : await reads.statusesOf(sha, signal);
  return { runs, listed, required, checks, statuses };
}
