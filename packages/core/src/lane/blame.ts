import type { LaneForce, LaneRule } from "./lane-rule.ts";

/** A rule that may be right about what ended the job. */
export interface Blame {
  rule: LaneRule;
  force: LaneForce;
  /** What it was told by. */
  evidence: string;
  /** An error line of the runner, not of a program in it. */
  byRunner: boolean;
  /** The number of the line that said it last. */
  last: number;
  /** An error that nothing explains came first. */
  isLate: boolean;
}

/** How sure a line makes a rule: a program that is going to try again has not given up, unless the runner calls that an error. */
export function forceOf(rule: LaneRule, text: string, byRunner: boolean): LaneForce {
  const force = rule.force ?? "gives_up";
  return force === "gives_up" && !byRunner && retrying.test(text) ? "tries" : force;
}

export function isSurer(one: LaneForce, other: LaneForce): boolean {
  return order[one] < order[other];
}

export function endsJob({ force }: { force?: LaneForce | undefined }): boolean {
  return force === "ends_job" || force === "settles";
}

/**
 * Chooses among rules in the order in which they spoke.
 *
 * @param codes A failure is the code's for certain.
 * @param endedItself A command ended itself with an error before the runner ended the job.
 */
export function theOneToBlame(
  blames: readonly Blame[],
  codes: boolean,
  endedItself: boolean,
): Blame | null {
  const settling = blames.find(({ force }) => force === "settles");
  if (settling !== undefined) return settling;
  const possible = blames.filter((blame) =>
    codes || endsJob(blame) ? !endedItself && (blame.byRunner || endsJob(blame)) : true,
  );
  // That the job was cancelled follows from the runner's end or a time limit, not the other way round.
  const surest = possible
    .filter(endsJob)
    .toSorted((a, b) => Number(isCancelled(a)) - Number(isCancelled(b)))[0];
  if (surest !== undefined && surest.rule.lane !== "code") return surest;
  const rest = possible.filter((blame) => !endsJob(blame));
  return rest.toSorted((a, b) => order[a.force] - order[b.force])[0] ?? surest ?? null;
}

const order: Record<LaneForce, number> = { settles: 0, ends_job: 1, gives_up: 2, tries: 3 };
const retrying =
  /\b(?:retrying|will retry|retry in|trying again|tries remaining|before retry|attempt \d{1,3}(?:\/| of )\d{1,3})\b|^(?:##\[warning\]|warning\b|npm warn\b|\[warn| ?warn )/i;

function isCancelled({ rule }: Blame): boolean {
  return rule.lane === "cancelled";
}
