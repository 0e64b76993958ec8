import { addedLines } from "../forms/added-lines.ts";
import { rule } from "../rule.ts";

/** Fails without anybody noticing, wherever it stands. */
const always: readonly RegExp[] = [
  /\bcontinue[-_]?[oO]n[-_]?[eE]rror["']?\s{0,4}[:=]\s{0,4}["']?(?:true|\$\{\{)/,
  /\ballow_?[fF]ailures?["']?\s{0,4}:|\bsoft_fail\s{0,4}:\s{0,4}(?:true|$)|\bfail_ci_if_error\s{0,4}:\s{0,4}false/,
  /\b(?:isI|i)gnoreFailures\s{0,4}(?:=\s{0,4}|\(|\s)\s{0,4}true|<(?:testFailureIgnore|maven\.test\.failure\.ignore|skipTests|maven\.test\.skip|skipITs)>true|-D(?:skipTests|skipITs|maven\.test\.skip|maven\.test\.failure\.ignore|testFailureIgnore)\b|--fail-never\b|\s-fn\b/,
  /--(?:passWithNoTests|pass-with-no-tests|no-verify|suppress-tests|allow-no-tests|no-tests[= ]pass|exit-zero|forceExit|no-fail-on-empty-testsuite|if-present --silent \|\|)(?![\w-])/,
  /\bpassWithNoTests["']?\s{0,4}:\s{0,4}true/,
  /^\s*set \+e\b|^\s*set \+o (?:errexit|pipefail)\b|\bset \+[a-z]{0,6}e[a-z]{0,6}\s{0,4}(?:$|;|&&)/,
  /\bignore_(?:errors|outcome)\s{0,4}[:=]\s{0,4}(?:yes|[tT]rue)|\bcatchError\b|\breturnStatus\s{0,4}:\s{0,4}true|\bfailFast\s{0,4}:\s{0,4}false\b.{0,4}ignore/,
  /^\s*(?:- )?(?:if|when)\s{0,4}:\s{0,4}["']?(?:\$\{\{\s{0,4})?(?:false|never)\b/,
];

/** Takes a failure back; honest where a command may well fail, so what fails has to be a check. */
const takenBack =
  /\|\|\s{0,4}(?:true|:|exit 0|echo|printf|\(exit 0\)|return 0|ver>nul|cd \.|set )|;\s{0,4}(?:true|:|exit 0)\s{0,4}["']?,?\s*$|\s&\s{0,4}exit 0|^\t-@?\w|\bexit \/b 0|\$\?\s{0,4}=\s{0,4}0/;
const check =
  /\b(?:tests?|spec|lint|check|jest|vitest|mocha|ava|playwright|cypress|karma|pytest|tox|nox|unittest|cargo|go (?:vet|build|test)|golangci|npm|pnpm|yarn|bun|npx|mvnw?|gradlew?|dotnet|rspec|rubocop|rake|phpunit|pest|phpstan|psalm|ctest|cmake|ninja|tsc|mypy|pyright|ruff|flake8|pylint|black|isort|eslint|oxlint|prettier|biome|clippy|nextest|coverage|codecov|bundle exec|swift|xcodebuild|mix|shellcheck|pre-commit|make|bazel|build|verify|validate|detekt|ktlint|checkstyle)\b|^\s*(?:- )?"?\$\{?\w/i;
const endsWell = /^\s*(?:exit 0|true|return 0|:)\s*$|run:\s{0,4}(?:true|exit 0|echo\b.{0,100})\s*$/;

export const failuresIgnored = rule({
  name: "failures_ignored",
  verdict: "undo",
  what: "A step of the checks may fail without anybody noticing.",
  undo: "Let the command fail where it fails.",
  patterns: [...always, takenBack, check, endsWell],
  find: (change) =>
    addedLines(
      change,
      (file) => {
        if (file.is("doc") || file.is("generated")) return [];
        if (file.is("ci") || file.is("hook")) return [...always, takenBack, endsWell];
        const runs = file.is("script") || file.is("config") || file.is("testConfig");
        return runs ? [...always, takenBack] : [];
      },
      ({ file, line }) => {
        if (line.isComment || /^\s*#/.test(line.text)) return false;
        if (always.some((pattern) => pattern.test(line.text))) return true;
        if (file.is("ci") || file.is("hook")) return true;
        return check.test(line.text.replace(takenBack, ""));
      },
    ),
});
