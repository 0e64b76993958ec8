import type { ChangeSet } from "./change-set.ts";
import type { Check } from "./checks.ts";
import { valueOf, valuesOf } from "./literals.ts";

/** Finds values among the lines that were added to tests. */
export interface RunIndex {
  /** Whether all values stand in one run of added lines, near a check; `strong`: not counting what stands in weak checks. */
  have(values: readonly string[], lines: "strong" | "any"): boolean;
}

/** Indexes the values of every run of lines that were added to tests and their data. */
export function runIndex(change: ChangeSet, checks: readonly Check[]): RunIndex {
  const weak = new Set(
    checks.filter(({ strength }) => strength === "weak").map(({ line }) => line),
  );
  const checking = new Set(checks.map(({ line }) => line));
  const runs: { strong: Set<string>; any: Set<string> }[] = [];
  const runsWith = new Map<string, number[]>();
  for (const file of change.files) {
    if (file.language === null && !file.is("testData")) continue;
    for (const hunk of file.hunks) {
      const lines = hunk.filter((line) => line.op === "+" && !line.isComment);
      const checked = lines.some((line) => checking.has(line)) || file.language === null;
      if (!checked) continue;
      const run = { strong: new Set<string>(), any: new Set<string>() };
      runs.push(run);
      for (const line of lines) {
        if (!line.inTest && file.language !== null) continue;
        for (const value of valuesOf(line.text)) {
          if (!run.any.has(value)) push(runsWith, value, runs.length - 1);
          run.any.add(value);
          if (!weak.has(line)) run.strong.add(value);
        }
      }
    }
  }
  return {
    have: (literals, lines) => {
      const values = literals.map(valueOf);
      const candidates = values
        .map((value) => runsWith.get(value) ?? [])
        .reduce((fewest, some) => (some.length < fewest.length ? some : fewest));
      return candidates
        .slice(0, mostRuns)
        .some((number) => values.every((value) => runs[number]?.[lines].has(value) === true));
    },
  };
}

/** Bounds the work where a value stands everywhere. */
const mostRuns = 100;

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
