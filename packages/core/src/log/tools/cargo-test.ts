import type { LogTool } from "../tool.ts";

const message =
  /^\s*(?<message>(?:assertion|called|attempt|index|explicit|not |internal|entered|cannot|could|expected|unexpected|byte|range|slice|mismatch|\w*Error\b|[^:]{1,80}: .*Error).*)/;

/** `cargo test`, and `cargo nextest` with its `FAIL [time] crate test` lines. */
export const cargoTest: LogTool = {
  name: "cargo test",
  kind: "test",
  hints: [
    " ... FAILED",
    " stdout ----",
    "test result: ",
    "FAIL [",
    "SIGABRT [",
    "SIGSEGV [",
    "TIMEOUT [",
    "Summary [",
    "error: test run failed",
    "error: test failed",
    "tests failed:",
    "test failed:",
  ],
  rules: [
    { is: "failure", line: /^test (?<test>\S.*?) \.\.\. FAILED(?: <[\d.]+s>)?$/ },
    {
      is: "failure",
      line: /^-{4} (?<test>.+) stdout -{4}$/,
      opens: { lines: 150, until: /^(?:failures:|-{4} .* stdout -{4}|test result: .*)$/ },
    },
    {
      is: "failure",
      kind: "timeout",
      line: /^ *TIMEOUT \[[^\]]*\] (?:\( *\d+\/\d+\) )?(?<test>\S.*)$/,
      opens: { lines: 40, until: nextestEnd() },
    },
    {
      is: "failure",
      kind: "crash",
      line: /^ *(?:SIGABRT|SIGSEGV|SIGILL|SIGBUS) \[[^\]]*\] (?:\( *\d+\/\d+\) )?(?<test>\S.*)$/,
      opens: { lines: 200, until: nextestEnd() },
    },
    {
      is: "failure",
      line: /^ *(?:TRY \d+ )?FAIL \[[^\]]*\] (?:\( *\d+\/\d+\) )?(?<test>\S.*)$/,
      opens: { lines: 300, until: nextestEnd() },
    },
    {
      is: "detail",
      within: true,
      line: /^\s*thread '.{0,200}' (?:\(\d+\) )?panicked at '(?<message>.*)', (?<file>[^\s:]+):(?<line>\d+):\d+$/,
    },
    {
      is: "detail",
      within: true,
      line: /^\s*thread '.{0,200}' (?:\(\d+\) )?panicked at (?<file>[^\s:]+):(?<line>\d+):\d+:?$/,
    },
    { is: "detail", within: true, appends: true, line: /^ {1,8}(?<message>(?:left|right): .*)/ },
    { is: "noise", within: true, line: /^\s*(?:note: run with `RUST_BACKTRACE|stack backtrace:)/ },
    { is: "detail", within: true, line: message },
    { is: "summary", line: /^test result: FAILED\./ },
    { is: "noise", line: /^test result: ok\./ },
    { is: "summary", line: /^ *Summary \[/ },
    {
      is: "echo",
      line: /^error: (?:test run failed|test failed|\d+ targets? failed|.* test failed:)/,
    },
  ],
};

function nextestEnd(): RegExp {
  return /^ *(?:Summary \[|─{10,}$|PASS \[|SLOW \[|Cancell?ing due to|START )/;
}
