import { type Finding, isMet, score, scores, type Spread, spread, type Target } from "./finding.ts";

/** A few lines a finding: the samples, their baseline, and what is held against the target. */
export function findingText(finding: Finding, load: number): string {
  const { what, unit, rounds, baseline, target } = finding;
  const rows = [["", "median", "p99", "min", "max", "samples"]];
  rows.push(["measured", ...cells(allOf(finding, "measured"))]);
  if (baseline !== null) rows.push([baseline, ...cells(allOf(finding, "baseline"))]);
  const head = `${mark(finding)} ${what} (${unit}; load ${load.toFixed(1)})\n`;
  if (target === null) return `\n${head}${table(rows)}`;
  const all = scores(rounds, target);
  const text = (value: number) => scoreText(value, target, unit);
  const others =
    all.length > 1 ? `, of ${all.length} rounds ${all.map((value) => text(value)).join(", ")}` : "";
  return `\n${head}${table(rows)}    ${text(score(rounds, target))}${others}; target ≤ ${text(target.atMost)}\n`;
}

/** The same for machines: the whole output of `--json` is an array of these. */
export function findingJson(figure: string, finding: Finding, load: number): object {
  const { what, unit, rounds, baseline, target } = finding;
  return {
    figure,
    what,
    unit,
    load,
    measured: allOf(finding, "measured"),
    ...(baseline !== null && { baseline: { what: baseline, ...allOf(finding, "baseline") } }),
    ...(target !== null && {
      target,
      score: score(rounds, target),
      scores: scores(rounds, target),
      met: isMet(finding),
    }),
  };
}

/** Whether there is a target and it is missed. */
export function hasFailed(finding: Finding): boolean {
  return isMet(finding) === false;
}

function mark(finding: Finding): string {
  const met = isMet(finding);
  if (met === null) return "·";
  return met ? "✓" : "✗";
}

function allOf({ rounds }: Finding, side: "measured" | "baseline"): Spread {
  return spread(rounds.flatMap((round) => round[side]));
}

function cells({ median, p99, min, max, samples }: Spread): string[] {
  return [...[median, p99, min, max].map((value) => number(value)), String(samples)];
}

function scoreText(value: number, { is, of }: Target, unit: string): string {
  if (is === "ratio") return `${value.toFixed(2)} × ${of} of the baseline`;
  if (is === "extra") return `${number(value)} ${unit} more than the baseline's ${of}`;
  return `${number(value)} ${unit}`;
}

function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 });
}

function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) => {
      const line = row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      );
      return `    ${line.join("  ").trimEnd()}\n`;
    })
    .join("");
}
