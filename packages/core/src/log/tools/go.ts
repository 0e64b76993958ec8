import type { LogTool } from "../tool.ts";

// `x_test.go:8: what t.Error said`: behind `--- FAIL:`, and above it with -v.
const said = /^\s+(?<file>[\w./-]+\.go):(?<line>\d+):(?: (?<message>\S.*))?$/;
// Not a frame of the standard library or of a module from elsewhere.
const frame =
  /^\t(?!\S*(?:\/(?:testing|runtime|reflect|panic)\/\w+\.go|\/pkg\/mod\/|\/hostedtoolcache\/))(?<file>\S+\.go):(?<line>\d+)(?: \+0x[0-9a-f]+)?$/;

/** `go test`, `go build`, `go vet`, gotestsum, and what the Go runtime prints when it dies. */
export const go: LogTool = {
  name: "go",
  kind: "test",
  hints: [
    "--- FAIL: ",
    "--- PASS: ",
    "--- SKIP: ",
    "=== ",
    "FAIL\t",
    "ok  \t",
    "no test files]",
    ".go:",
    "panic: ",
    "fatal error: ",
    "DATA RACE",
    "go: ",
    "no required module",
    "DONE ",
  ],
  rules: [
    {
      is: "noise",
      line: /^(?:ok  |\?   )\t|^\t\S+\t+coverage: 0\.0%|^go: (?:downloading|finding|extracting|added) /,
    },
    { is: "end", line: /^--- (?:PASS|SKIP): / },
    { is: "noise", line: /^=== (?:RUN|PAUSE|CONT|NAME) |^\s+--- (?:PASS|SKIP): / },
    {
      is: "failure",
      line: /^\s*--- FAIL: (?<test>\S.*?) \(\d[\d.]*s\)$/,
      opens: {
        lines: 60,
        until: /^\s*--- (?:PASS|SKIP): |^=== |^FAIL\b|^ok  \t|^PASS$|^panic: test timed out/,
      },
    },
    {
      is: "failure",
      line: /^=== FAIL: \S+ (?<test>\S.*?) \(\d[\d.]*s\)$/,
      opens: { lines: 60, until: /^=== |^DONE / },
    },
    {
      is: "failure",
      kind: "timeout",
      line: /^panic: (?<message>test timed out after \S+)/,
      opens: { lines: 12, until: /^goroutine |^FAIL\b/ },
    },
    {
      is: "detail",
      within: true,
      line: /^\t\t?(?<test>(?:Test|Example|Fuzz|Benchmark)\S*) \(\d\w*\)$/,
    },
    { is: "detail", within: true, line: /^\t?panic: (?<message>.*?)(?: \[recovered[^[\]]*\])?$/ },
    {
      is: "failure",
      kind: "crash",
      line: /^panic: (?<message>.*?)(?: \[recovered[^[\]]*\])?$/,
      opens: { lines: 40, until: /^FAIL\b|^exit status|^ok  \t/ },
    },
    {
      is: "failure",
      kind: "crash",
      line: /^fatal error: (?<message>(?:all goroutines are asleep|concurrent map|stack overflow|unexpected signal|runtime: ).*)$/,
      opens: { lines: 40, until: /^FAIL\b|^exit status|^ok  \t/ },
    },
    { is: "detail", within: true, line: frame },
    { is: "detail", within: true, line: /^\s+Error:\s+(?<message>\S.*)$/ },
    { is: "detail", within: true, line: said },
    {
      is: "detail",
      within: true,
      appends: true,
      line: /^\s+(?<message>(?:expected|actual|want|got)\s*:.*)$/i,
    },
    { is: "early", line: said },
    {
      is: "failure",
      line: /^WARNING: (?<message>DATA RACE)$/,
      opens: { lines: 40, until: /^={10,}$/ },
    },
    {
      is: "failure",
      kind: "dependency",
      line: /^(?:(?<file>[\w./-]+\.go):(?<line>\d+):\d+: )?(?<message>(?:no required module provides package|missing go\.sum entry|cannot find (?:module|package)|package \S+ is not in) .*)$/,
      opens: { lines: 2, until: /^\S/ },
    },
    {
      is: "failure",
      kind: "build",
      line: /^(?:vet: )?(?<file>[\w./-]+\.go):(?<line>\d+):\d+: (?<message>.*)$/,
      opens: { lines: 3, until: /^\S/ },
    },
    { is: "summary", line: /^FAIL\t\S+(?:\t[\d.]+s| \[[\w ]+\])$/ },
    { is: "summary", line: /^DONE \d+ tests?, .*\bfailures?\b/ },
    {
      is: "failure",
      kind: "dependency",
      line: /^go: (?!to add|warning: )(?<message>.*(?:: (?:no matching versions|invalid version|unknown revision|reading |module ).*|updates to go\.mod needed.*))$/,
    },
    { is: "block", line: /^go: \S+ imports$/, opens: { lines: 3, until: /^\S/ } },
    {
      is: "failure",
      kind: "dependency",
      within: true,
      line: /^\s+(?<message>\S+: (?:no required module|cannot find|module ).*)$/,
    },
  ],
};
