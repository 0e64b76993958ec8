import type { Attempt, FailureNote, TaskState } from "./task-state.ts";

/** Who judged an attempt as red: failures of CI and of the checks before the push are told apart, never compared. */
type Judge = "ci" | "preflight";

/** Who found this attempt red for its code, or null. */
export function redBy({ preflight, verdict, lane }: Attempt): Judge | null {
  if (preflight === "failed") return "preflight";
  return verdict === "failed" && lane === "code" ? "ci" : null;
}

/** What changed since the newest earlier attempt that the same judge found red: `2 of 5 fixed, 1 new`. Empty for the first one. */
export function trajectoryOf(attempts: readonly Attempt[], number: number): string {
  const at = attempts.findIndex((attempt) => attempt.number === number);
  const now = attempts[at];
  if (now === undefined) return "";
  const isGreen = now.verdict === "passed";
  const judge = isGreen ? "ci" : redBy(now);
  const before = attempts.slice(0, at).findLast((attempt) => redBy(attempt) === judge);
  if (judge === null || before === undefined || before.failures.length === 0) return "";
  // A red in which nothing could be read says nothing about what was red before.
  if (!isGreen && now.failures.length === 0) return "";
  const { fixed, fresh } = compare(before.failures, isGreen ? [] : now.failures);
  const total = before.failures.length;
  if (fixed === 0 && fresh === 0)
    return `the same ${total === 1 ? "failure" : `${total} failures`}`;
  const parts = [`${fixed} of ${total} fixed`];
  if (fresh > 0) parts.push(`${fresh} new`);
  return parts.join(", ");
}

/** The same for the newest attempt that was judged. */
export function newestTrajectory(attempts: readonly Attempt[]): string {
  const judged = attempts.findLast(
    (attempt) => redBy(attempt) !== null || attempt.verdict === "passed",
  );
  return judged === undefined ? "" : trajectoryOf(attempts, judged.number);
}

/**
 * Why the present approach does not lead on, in words; null while it does. Three signs: the same failures again, a change that
 * goes back to what was there before, `patience` attempts in a row that fix no failure.
 */
export function whyStuck({ attempts, approach }: TaskState, patience: number): string | null {
  const tried = attempts.slice(approach.after);
  const reds = tried.filter((attempt) => redBy(attempt) !== null);
  const last = reds.at(-1);
  if (last === undefined) return null;

  const before = reds.slice(0, -1).findLast((red) => isSameRed(red, last));
  if (before !== undefined)
    return `attempts ${before.number} and ${last.number} ended in the same failures`;

  const earlier = tried.find(
    ({ number, tree }) => number < last.number && tree !== null && tree === last.tree,
  );
  if (earlier !== undefined)
    return `attempt ${last.number} went back to what attempt ${earlier.number} had`;

  const recent = reds.slice(-patience - 1);
  const isFruitless =
    recent.length > patience &&
    recent.every((red, n) => {
      const previous = recent[n - 1];
      return previous === undefined || fixesNothing(previous, red);
    });
  return isFruitless ? `${patience} attempts in a row fixed no failure` : null;
}

function isSameRed(a: Attempt, b: Attempt): boolean {
  if (redBy(a) !== redBy(b) || a.failures.length === 0) return false;
  const { fixed, fresh } = compare(a.failures, b.failures);
  return fixed === 0 && fresh === 0;
}

function fixesNothing(a: Attempt, b: Attempt): boolean {
  return (
    redBy(a) === redBy(b) && a.failures.length > 0 && compare(a.failures, b.failures).fixed === 0
  );
}

function compare(
  before: readonly FailureNote[],
  now: readonly FailureNote[],
): { fixed: number; fresh: number } {
  const old = new Set(before.map(({ fingerprint }) => fingerprint));
  const current = new Set(now.map(({ fingerprint }) => fingerprint));
  return { fixed: old.difference(current).size, fresh: current.difference(old).size };
}
