import type { ChangedFile } from "../change-set.ts";
import { addedLines } from "../forms/added-lines.ts";
import { changedNumbers, type NamedNumber } from "../forms/changed-numbers.ts";
import { rule } from "../rule.ts";

const retries: readonly RegExp[] = [
  /\b(retries|retry|retryTimes|reruns|maxRetries|max_runs|flaky_retries|rerunFailingTestsCount|retry_count|maxFailures|allowedFailures)["']?(?:\s{0,4}[:=]\s{0,4}|\(\s{0,4}|>\s{0,4})["']?(\d{1,4})/,
  /(--(?:reruns|retries|retry|repeat until-pass:|test-retries))[= :]?(\d{1,4})/,
];
const timeouts: readonly RegExp[] = [
  /\b(\w{0,30}[tT]ime_?out\w{0,20}|slow_timeout|slowTestThreshold|patience)["']?(?:\s{0,4}[:=]\s{0,4}|\(\s{0,4})["']?(\d[\d_]{0,9})/,
  /(--(?:test-?)?timeout(?:-minutes)?)[= ](\d{1,9})/,
];
/** Marks a test as one that may fail now and then. */
const flaky: readonly RegExp[] = [
  /@(?:pytest\.mark\.)?flaky\b|@Flaky\b|@RetryingTest\b|@RepeatedIfExceptionsTest\b|\[Retry\(|\[RetryFact|@Retry\b|\bjest\.retryTimes\(|\bthis\.retries\(|\bflaky\(|retry:\s{0,4}\d/,
];

const raised = (pattern: RegExp): NamedNumber => ({ pattern, worse: "higher", gone: "fine" });
const inTests = (file: ChangedFile, line: { inTest: boolean }): boolean =>
  line.inTest || file.is("testConfig") || file.is("ci") || file.is("script");

export const retriesRaised = rule({
  name: "retries_raised",
  verdict: "hold",
  what: "Failing tests are tried again more often.",
  undo: "Make the test reliable instead of trying it again.",
  patterns: [...retries, ...flaky],
  *find(change) {
    yield* changedNumbers(
      change,
      retries.map((pattern) => ({ ...raised(pattern), before: 0 })),
      (file, line) =>
        (line.inTest && flaky.some((mark) => mark.test(line.text))
          ? false
          : file.is("testConfig") || file.is("ci") || file.is("script") || line.inTest) &&
        !isBehaviour(line.text),
    );
    yield* addedLines(
      change,
      () => flaky,
      ({ line }) => line.inTest && !line.isComment,
    );
  },
});

/** A test that gives retries to what it tests, not to itself. */
function isBehaviour(text: string): boolean {
  return !/^\s*(?:retries|retry|["']?retries["']?)\s{0,4}[:=]|--re|jest|reruns|rerunFailing|flaky/.test(
    text,
  );
}

export const timeoutsRaised = rule({
  name: "timeouts_raised",
  verdict: "allow",
  what: "Tests may take longer.",
  undo: "Make the code fast enough for the time that the test gave it.",
  patterns: timeouts,
  find: (change) => changedNumbers(change, timeouts.map(raised), inTests),
});
