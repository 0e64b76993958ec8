import { changedNumbers, type NamedNumber } from "../forms/changed-numbers.ts";
import { rule } from "../rule.ts";

const floors: readonly RegExp[] = [
  /\b(fail[_-]under(?:-\w{1,20})?|cov-fail-under|minimum_coverage(?:_by_file)?|min[_-]?coverage|coverage[_-]?min(?:imum)?|min-(?:covered-)?msi|minimumCoverage|coverage[_-]?threshold|coverageThreshold|min_cov|required_coverage|COVERAGE_\w{0,20}|COV_MIN\w{0,10}|fail-under-\w{1,20}|minimum_total_coverage|skip_coverage)["']?\s{0,4}(?:[:=({ ]|line:|=>){1,3}\s{0,4}["']?(\d[\d._]{0,9})/i,
  /^\s*["']?(branches|functions|lines|statements|global|perFile|line_coverage|branch_coverage)["']?\s{0,4}[:=]\s{0,4}["']?(\d[\d.]{0,9})/,
  /--(branches|functions|lines|statements|min|coverage|test-coverage-(?:lines|branches|functions))[= ](\d[\d.]{0,9})/,
  /\b(minimum|minValue|minBound|mutationThreshold|lineRate|break)\s{0,4}(?:[:=(]|>)\s{0,4}["']?(\d[\d.]{0,9})/,
  /<(minimum|lineCoverage|branchCoverage|Threshold|mutationThreshold|coverageThreshold|CoverletThreshold|MinimumCoverage)>(\d[\d.]{0,9})/i,
  /^\s*(target):\s{0,4}["']?(\d[\d.]{0,9})%?/,
  /^\s*(level):\s{0,4}(\d{1,2})\b/,
  /\/p:(Threshold)=(\d[\d.]{0,9})/,
];

const ceilings: readonly RegExp[] = [
  /(--max-warnings)[= ]{1,2}["',\s]{0,6}(\d{1,9})/,
  /["']?\b(max-?(?:warnings|complexity|lines|statements|depth|len|line-length|params|nested-callbacks|args|branches|locals|returns|public-methods|attributes)|complexity|cognitive-complexity|cyclomatic-complexity|too-many-\w{1,30}|funlen|gocyclo|max_line_length|line_length|Max|errorLevel|maxAllowedViolations|maxPriority\w|maxErrors|maxIssues|max-issues\w{0,12}|too_many_\w{1,30}|cyclomatic_complexity|file_length|type_body_length|function_body_length)["']?(?:\s{0,4}[:=]\s{0,4}|=)\[?\s{0,2}(?:["'](?:error|warn|off)["']\s{0,2},\s{0,2})?(?:\{[^}]{0,60}?:\s{0,4})?["']?(\d[\d_.]{0,9})/,
  /^\s*(threshold):\s{0,4}["']?(\d[\d.]{0,9})%?/,
  /<(maxAllowedViolations|failThreshold|maxWarnings)>(\d{1,9})/i,
];

const numbers: readonly NamedNumber[] = [
  ...floors.map((pattern): NamedNumber => ({ pattern, worse: "lower", gone: "worse" })),
  ...ceilings.map((pattern): NamedNumber => ({ pattern, worse: "higher", gone: "fine" })),
];

export const thresholdsLowered = rule({
  name: "thresholds_lowered",
  verdict: "undo",
  what: "A threshold of coverage, warnings or complexity lets more through.",
  undo: "Bring the threshold back and meet it.",
  patterns: [...floors, ...ceilings],
  find: (change) =>
    changedNumbers(
      change,
      numbers,
      (file) =>
        file.is("config") ||
        file.is("testConfig") ||
        file.is("ci") ||
        file.is("hook") ||
        file.is("script"),
    ),
});
