import type { ChangeSet } from "../change-set.ts";
import { touchedFiles } from "../forms/touched-files.ts";
import { type Place, rule } from "../rule.ts";

/** Settings of the test runner in files that also say other things. */
const setting =
  /^\s*["']?(?:addopts|testpaths|python_files|python_classes|python_functions|collect_ignore\w{0,5}|filterwarnings|xfail_strict|testMatch|testRegex|testRunner|setupFilesAfterEach|setupFilesAfterEnv|testEnvironment|roots|collectCoverageFrom|autotest|harness|useJUnitPlatform|test_suite|source_pkgs|exclude_lines|exclude_also|omit|run_tests)["']?\s{0,4}[:=({]|^\s*(?:test|doctest|bench|harness)\s{0,4}=\s{0,4}false|<(?:testSourceDirectory|includes|testFailureIgnore|skipTests|skipITs|forkCount|groups)>/;

export const testConfigChanged = rule({
  name: "test_config_changed",
  verdict: "hold",
  what: "What tells the test runner which tests to run, and how, was changed.",
  undo: "Leave the configuration of the tests as it was.",
  patterns: [setting],
  *find(change) {
    yield* touchedFiles(change, (file) => file.is("testConfig") && file.status !== "added");
    yield* settings(change);
  },
});

function* settings(change: ChangeSet): Iterable<Place> {
  for (const file of change.files) {
    const mixed = file.is("manifest") || file.is("config");
    if (!mixed || file.is("testConfig") || file.status === "added" || file.status === "deleted")
      continue;
    const line = file.hunks
      .flat()
      .find(
        ({ op, isMoved, isComment, text }) =>
          op !== " " && !isMoved && !isComment && setting.test(text),
      );
    if (line !== undefined)
      yield { file: file.path, line: line.number, evidence: `${line.op} ${line.text.trim()}` };
  }
}
