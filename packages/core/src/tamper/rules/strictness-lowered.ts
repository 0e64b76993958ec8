import type { ChangedFile, ChangeSet } from "../change-set.ts";
import { above, addedLines, isCode } from "../forms/added-lines.ts";
import { literalsOf } from "../literals.ts";
import { type Place, rule } from "../rule.ts";

/** Settings that look away. */
const lax: readonly RegExp[] = [
  /["']?(?:strict\w{0,40}|no(?:Implicit|Unused|Unchecked|Fallthrough|PropertyAccess|UncheckedSideEffect)\w{1,40}|exactOptionalPropertyTypes|alwaysStrict|useUnknownInCatchVariables|checkJs|noEmitOnError|forceConsistentCasingInFileNames)["']?\s{0,4}:\s{0,4}false\b/,
  /^\s*["']?[@\w/.-]{1,80}["']?\s{0,4}:\s{0,4}\[?\s{0,4}(?:["'](?:off|allow|none|ignore)["']|0\s{0,4}[,\]}]|0\s*$)/,
  /["'](?:recommended|enabled|all|error)["']\s{0,4}:\s{0,4}(?:false|"off")/,
  /^\s*(?:ignore_errors|ignore_missing_imports|allow_\w{1,40}|implicit_\w{1,40}|skip_\w{1,40}|follow_untyped_imports|allow_untyped_\w{1,40})\s{0,4}=\s{0,4}(?:[Tt]rue|1|yes)\b/,
  /^\s*(?:strict|strict_\w{1,40}|disallow_\w{1,40}|warn_\w{1,40}|check_untyped_defs|no_implicit_\w{1,40}|xfail_strict|branch|error_summary)\s{0,4}=\s{0,4}(?:[Ff]alse|0|no)\b/,
  /^\s*(?:extend-|extend_|per-file-|per_file_)?ignor(?:e|es|ed)(?:[-_.]\w{1,30})?\s{0,4}=|^\s*["']?[\w./*-]{1,80}["']\s{0,4}=\s{0,4}\[\s{0,4}"[A-Z]{1,6}\d/,
  /^\s*(?:disable|disable_error_code|disabled_rules|disable-rules|exclude-rules|extend-exclude|force-exclude|excluded|omit|skips)\s{0,4}[:=]/,
  /\b(?:typeCheckingMode["']?\s{0,4}[:=]\s{0,4}["'](?:off|basic)|report\w{1,50}["']?\s{0,4}[:=]\s{0,4}(?:["'](?:none|information)|false)|mypy_path_skip)/,
  /^\s*[\w:-]{1,60}\s{0,4}=\s{0,4}(?:"allow"|\{\s{0,4}level\s{0,4}=\s{0,4}"allow")|\b(?:cap-lints|-A\s{0,4}(?:clippy|warnings|dead|unused|deprecated)\S{0,60})|-W\s{0,4}warnings\b/,
  /^\s*(?:Enabled|NewCops|AllCops\/\w{1,20}|enabled|fail_on_\w{1,20}|failOnWarning|failOnRisky|failOnSkipped|failOnError|beStrictAbout\w{1,40}|stopOnFailure|reportUnmatchedIgnoredErrors|treatPhpDocTypesAsCertain|run-fail)\s{0,4}:\s{0,4}false\b/,
  /\b(?:failOnWarning|failOnRisky|failOnEmptyTestSuite|failOnSkipped|failOnIncomplete|failOnDeprecation|failOnNotice|beStrictAbout\w{1,50}|convert\w{1,30}ToExceptions)="false"/,
  /<(?:Nullable)>disable|<(?:TreatWarningsAsErrors|EnforceCodeStyleInBuild|RunAnalyzers\w{0,20}|EnableNETAnalyzers|WarningsAsErrors|CodeAnalysisTreatWarningsAsErrors|failsOnError|failOnViolation|failOnWarning|consoleOutput|failOnError|haltOnFailure)>(?:false|<)/,
  /<(?:NoWarn|WarningsNotAsErrors|DisabledWarnings|skip|checkstyle\.skip|pmd\.skip|spotbugs\.skip|jacoco\.skip)>(?!false)|\b(?:checkstyle|pmd|spotbugs|jacoco|enforcer)\.skip=true/,
  /\bdotnet_(?:diagnostic|analyzer_diagnostic)\.[\w.-]{1,60}severity\s{0,4}=\s{0,4}(?:none|silent|suggestion)/,
  /\b(?:abortOnError|warningsAsErrors|allWarningsAsErrors|failOnWarning|isAbortOnError|failOnError)\s{0,4}(?:=|\s|\()\s{0,4}false/,
  /(?:^|[\s"'(])-(?:Wno-\w[\w-]{0,60}|w(?=[\s"')]|$)|fpermissive)|\bCMAKE_COMPILE_WARNING_AS_ERROR (?:OFF|FALSE|0)\b|\/W[0-2]\b|\bSKIP_LINTING\b/,
  /^\s*(?:- )?(?:ignoreErrors|excludePaths|issueHandlers|baseline)\s{0,4}:|^\s*-\s{0,4}phpstan-baseline|<(?:suppress|exclude-pattern|exclude name|ignoreFiles|errorBaseline)\b|errorBaseline=|severity="(?:ignore|info)"/,
  /\bmax_(?:issues|same)\S{0,10}\s{0,4}:\s{0,4}0\b|^\s*(?:issues-exit-code|issues_exit_code)\s{0,4}:\s{0,4}0|--(?:exit-zero|no-error-on-unmatched-pattern|no-strict|warn-only|issues-exit-code[= ]0)\b|\bno-?[sS]trict\b/,
];

/** What holds checks strict, in code and in settings: removing it counts. */
const strict: readonly RegExp[] = [
  /^\s*#!\[(?:deny|forbid|warn)\(/,
  /["']strict["']\s{0,4}:\s{0,4}true|["']?(?:strict\w{1,40}|no(?:Implicit|Unused|Unchecked|Fallthrough)\w{1,40}|exactOptionalPropertyTypes)["']?\s{0,4}:\s{0,4}true/,
  /(?:^|[\s"'=(])-(?:Werror(?:=[\w-]{1,40})?|Wall|Wextra|Wpedantic|Dwarnings|D warnings)(?=[\s"')]|$)|\/WX\b|\bCMAKE_COMPILE_WARNING_AS_ERROR ON\b/,
  /<TreatWarningsAsErrors>true|<Nullable>enable|<WarningsAsErrors>\S|\ballWarningsAsErrors\s{0,4}=\s{0,4}true/,
  /^\s*declare\(\s{0,4}strict_types\s{0,4}=\s{0,4}1/,
  /^\s*set -[a-z]{0,6}e[a-z]{0,6}\b|\bset -o (?:errexit|pipefail)\b/,
  /^\s*(?:strict|warn_\w{1,40}|disallow_\w{1,40}|xfail_strict|check_untyped_defs|error_on_\w{1,20})\s{0,4}=\s{0,4}(?:[Tt]rue|1)\b/,
  /^\s*[\w:-]{1,60}\s{0,4}=\s{0,4}"(?:deny|forbid)"|--deny-warnings|--strict\b|--max-warnings[= ]0|denyWarnings["']?\s{0,4}:\s{0,4}true/,
  /^\s*["']?[@\w/-]{1,80}["']?\s{0,4}:\s{0,4}\[?\s{0,4}["'](?:error|deny)["']/,
  /^\s*(?:fail_on_warnings?|failOnWarning|failOnRisky|treat_warnings_as_errors|warnings_as_errors)["']?\s{0,4}[:=]\s{0,4}["']?true|warnings-as-errors|\b(?:failOnWarning|failOnRisky|failOnEmptyTestSuite|beStrictAbout\w{1,50})="true"/,
  /^\s*-\s{1,4}(?:errcheck|govet|staticcheck|gosec|gosimple|ineffassign|unused|revive|gocritic|bodyclose|errorlint)\b/,
];

/** A list whose items are left alone. */
const exempts =
  /\b(?:ignore\w{0,12}|disabled?|exclude\w{0,12}|excluded|skips?|suppress\w{0,20}|omit|allow|noExternal|per-file-ignores|disabled_rules|extend-ignore|disable_error_code)\b["']?\s{0,4}(?:[:=]|$)/i;
const item = /^\s*(?:-\s{1,4}\S.{0,400}|["'][^"']{1,400}["']\s{0,4},?|[A-Z]{1,5}\d{1,5},?)\s*$/;
/** A list of what is checked. */
const selects =
  /^\s*["']?(?:extend-)?(?:select|enable|enabled_rules|only_rules|opt_in_rules|extends)["']?\s{0,4}[=:]\s{0,4}\[/;
/** Folders that no checker should look at. */
const built =
  /\b(?:dist|build|out|node_modules|vendor|coverage|generated|__generated__|third_party|target|lock|min\.js|migrations|\.next|\.venv|venv|snap|__snapshots__|storybook-static|public)\b/;

const strictIn: readonly RegExp[] = [
  /^\s*#!\[(?:deny|forbid)\(/,
  /^\s*declare\(\s{0,4}strict_types\s{0,4}=\s{0,4}1/,
];

export const strictnessLowered = rule({
  name: "strictness_lowered",
  verdict: "undo",
  what: "A checker of types, style or errors was made to look away.",
  undo: "Bring the strict setting back and fix what it finds.",
  patterns: [...lax, ...strict, ...strictIn, exempts, item, selects, built],
  *find(change) {
    yield* addedLines(
      change,
      (file) => (isSetting(file) ? lax : []),
      (added) => isCode(added) && !built.test(added.line.text),
    );
    yield* addedLines(
      change,
      (file) => (isSetting(file) || file.is("ignoreList") ? [item, /\S/] : []),
      ({ file, line, hunk, index }) => {
        if (line.isComment || built.test(line.text) || /^\s*#/.test(line.text)) return false;
        if (file.is("ignoreList")) return file.status !== "added" || line.text.trim() !== "";
        if (!item.test(line.text)) return false;
        for (const before of above(hunk, index))
          if (!item.test(before.text) && !before.isComment) return exempts.test(before.text);
        return false;
      },
    );
    yield* loosened(change);
    yield* unselected(change);
  },
});

function isSetting(file: ChangedFile): boolean {
  if (file.is("lockfile") || file.is("generated")) return false;
  return file.is("config") || file.is("ci") || file.is("hook") || file.is("script");
}

/** Strict settings that are gone and stand nowhere else in what was added. */
function* loosened(change: ChangeSet): Iterable<Place> {
  const kept = new Map<string, number>();
  const gone: { place: Place; setting: string }[] = [];
  for (const file of change.files) {
    if (file.status === "deleted") continue;
    const patterns = isSetting(file) ? strict : file.isProduction ? strictIn : [];
    if (patterns.length === 0) continue;
    for (const { op, text, number, isMoved, isComment } of file.hunks.flat()) {
      if (op === " " || isMoved || isComment) continue;
      for (const setting of settingsIn(text, patterns)) {
        if (op === "+") kept.set(setting, (kept.get(setting) ?? 0) + 1);
        else {
          const evidence = `- ${text.trim()} (removed)`;
          gone.push({ setting, place: { file: file.path, line: number, evidence } });
        }
      }
    }
  }
  for (const { place, setting } of gone) {
    const left = kept.get(setting) ?? 0;
    if (left > 0) kept.set(setting, left - 1);
    else yield place;
  }
}

/** Names that are gone from a list of what is checked. */
function* unselected(change: ChangeSet): Iterable<Place> {
  for (const file of change.files) {
    if (!isSetting(file) || file.status === "deleted") continue;
    const lines = file.hunks.flat().filter(({ op, isMoved }) => op !== " " && !isMoved);
    const added = new Set(
      lines.filter(({ op }) => op === "+").flatMap(({ text }) => literalsOf(text)),
    );
    for (const { op, text, number } of lines) {
      if (op !== "-" || !selects.test(text)) continue;
      if (literalsOf(text).some((name) => !added.has(name)))
        yield { file: file.path, line: number, evidence: `- ${text.trim()}` };
    }
  }
}

function settingsIn(text: string, patterns: readonly RegExp[]): string[] {
  return patterns.flatMap((pattern) =>
    Array.from(text.matchAll(everywhere(pattern)), ([found]) => found.replaceAll(/[\s"'(]/g, "")),
  );
}

const globals = new Map<RegExp, RegExp>();

function everywhere(pattern: RegExp): RegExp {
  const global = globals.get(pattern) ?? new RegExp(pattern, "g");
  globals.set(pattern, global);
  return global;
}
