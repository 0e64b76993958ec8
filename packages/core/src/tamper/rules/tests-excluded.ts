import { addedLines, isCode } from "../forms/added-lines.ts";
import { rule } from "../rule.ts";

const anywhere: readonly RegExp[] = [
  /\b(?:testPathIgnorePatterns|modulePathIgnorePatterns|testIgnore|grepInvert|testFilter|excludeTestsMatching|excludeTags|excludedGroups|excludeGroups|excludeEngines|exclude_pattern|specPattern|norecursedirs)\b/,
  /--(?:ignore|ignore-glob|deselect|testPathIgnorePatterns|exclude-tags?|exclude-group|exclude-testsuite|exclude-regex|exclude-task|grep-invert|exclude-pattern)[= ]\S/,
  /\b(?:pytest|py\.test|addopts)\b.{0,200}\s-[km]\s{0,2}["']?not\b/,
  /\bcollect_ignore(?:_glob)?\b|\bpytest_ignore_collect\b/,
  /\bitems(?:\[:\] =|\.remove\(|\.clear\()|\bpytest_deselected\b|\bdel items\[/,
  /\bcargo\b.{0,120}--\s.{0,60}--skip\b|\bgo test\b.{0,160}\s-(?:skip|run|short)\b|\bctest\b.{0,160}\s-(?:E|LE|R|L)\b|--gtest_filter\b|\bdotnet test\b.{0,160}--filter\b|\bphpunit\b.{0,160}--(?:filter|group|exclude-group)\b|\brspec\b.{0,160}(?:--tag|-t|-e|--example)\s|\b(?:mvn|mvnw)\b.{0,160}-Dtest=|\bgradlew?\b.{0,160}(?:--tests|-x)\s|\bnextest\b.{0,160}(?:-E|--filter)/,
  /\b(?:jest|vitest|mocha|playwright|bun|node)\b.{0,160}(?:--testNamePattern|--test-name-pattern|--grep|--invert|--only-changed|--onlyChanged|\s-t\s|\s-g\s|--exclude)\b/,
  /\bdefault-filter\s{0,4}=|<exclude>|<excludeTestsMatching>|\bexclude(?:Categories|Category)\b/,
];

/** A list of what is left out, in a file that says which tests run. */
const inTestConfig: readonly RegExp[] = [
  /^\s*["']?(?:exclude|ignore|ignores|skip)["']?\s{0,4}[:=]/,
  ...anywhere,
];

export const testsExcluded = rule({
  name: "tests_excluded",
  verdict: "undo",
  what: "The runner was told to leave tests out.",
  undo: "Let the runner run all tests again.",
  patterns: inTestConfig,
  find: (change) =>
    addedLines(
      change,
      (file) => {
        if (file.is("testConfig")) return inTestConfig;
        const runs = file.is("config") || file.is("script") || file.is("ci") || file.is("hook");
        return runs || /(?:^|\/)conftest\.py$/.test(file.path) ? anywhere : [];
      },
      isCode,
    ),
});
