/** What one figure found: samples in rounds, and the target that they are held against. */
export interface Finding {
  /** What was measured, for people. */
  what: string;
  unit: "ms" | "s" | "MB" | "MB/s" | "/s" | "lines" | "requests";
  rounds: Round[];
  /** What `rounds[].baseline` measured, in the same run; null when the target is a number of its own. */
  baseline: string | null;
  /** Null: only told. */
  target: Target | null;
}

/** Samples that were taken in turns with their baseline's, under the same load. */
export interface Round {
  measured: number[];
  baseline: number[];
}

/**
 * `ratio`: to the baseline; `extra`: above the baseline; `most`: in itself. `of` says of each round which value counts. The machine
 * is shared and can only make things slower, so the best round counts; with `inEvery` (for what may never happen) the worst.
 */
export interface Target {
  is: "ratio" | "extra" | "most";
  of: "median" | "p99";
  atMost: number;
  inEvery?: boolean;
}

export interface Spread {
  median: number;
  p99: number;
  min: number;
  max: number;
  samples: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    min: sorted.at(0) ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    samples: sorted.length,
  };
}

/** The smallest value that at least this part of all values does not exceed. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/** What is held against the target, a value a round. */
export function scores(rounds: readonly Round[], { is, of }: Target): number[] {
  return rounds.map((round) => {
    const measured = spread(round.measured)[of];
    const baseline = spread(round.baseline)[of];
    if (is === "ratio") return measured / baseline;
    return is === "extra" ? measured - baseline : measured;
  });
}

/** The score that counts; NaN without rounds, which meets no target. */
export function score(rounds: readonly Round[], target: Target): number {
  const all = scores(rounds, target);
  if (all.length === 0) return Number.NaN;
  return target.inEvery === true ? Math.max(...all) : Math.min(...all);
}

/** Null: there is no target. */
export function isMet({ rounds, target }: Pick<Finding, "rounds" | "target">): boolean | null {
  return target === null ? null : score(rounds, target) <= target.atMost;
}
