import type { LogTool } from "../tool.ts";

/** Processes that a signal, a limit or a lack of memory ended, as shells, runners and runtimes say it. */
export const process: LogTool = {
  name: "process",
  kind: "crash",
  hints: [
    "egmentation fault",
    "core dumped",
    "SIGSEGV",
    "SIGABRT",
    "SIGKILL",
    "OutOfMemory",
    "out of memory",
    "Out of memory",
    "Killed",
    "exit code 137",
    "exit code 139",
    "exit code 134",
    "code 124",
    "has timed out",
    "exceeded the maximum execution time",
    "AddressSanitizer",
    "ThreadSanitizer",
    "runtime error: ",
    "stack overflow",
    "Stack overflow",
    "Cannot allocate memory",
    "MemoryError",
  ],
  rules: [
    {
      is: "failure",
      kind: "out_of_memory",
      line: /^(?<message>(?:.{0,200}\b)?(?:FATAL ERROR: .*heap out of memory|java\.lang\.OutOfMemoryError.*|Out of memory: Killed process.*|fatal error: runtime: out of memory|virtual memory exhausted.*|c\+\+: fatal error: Killed signal terminated.*|.*Cannot allocate memory.*))$/,
      opens: { lines: 4 },
    },
    {
      is: "failure",
      kind: "out_of_memory",
      line: /^(?:.{0,200}: )?(?:line \d+: +\d+ )?(?<message>Killed\b(?: +\S.*)?)$/,
    },
    {
      is: "failure",
      kind: "out_of_memory",
      line: /^(?<message>(?:The )?(?:[Pp]rocess|[Cc]ommand|[Cc]ontainer)\b.{0,300}(?:SIGKILL|exit code 137).*)/,
    },
    {
      is: "failure",
      kind: "timeout",
      line: /^(?<message>The (?:job|action|step|operation)\b.{0,300}(?:has timed out|exceeded the maximum execution time).*)/,
    },
    {
      is: "failure",
      kind: "timeout",
      line: /^(?<message>(?:Process|Command|.{0,200}: command)\b.{0,200}(?:exit(?:ed with)? code 124).*)/,
    },
    {
      is: "failure",
      line: /^(?:.{0,200}: )?(?:line \d+: +\d+ )?(?<message>(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception)\b.*\(core dumped\).*)/,
      opens: { lines: 3 },
    },
    {
      is: "failure",
      line: /^(?<message>(?:Fatal Python error: )?Segmentation fault\b.*|.{0,100}signal SIGSEGV\b.*|SIG(?:SEGV|ABRT|BUS|ILL): .*)/,
      opens: { lines: 25, until: /^$/ },
    },
    {
      is: "failure",
      line: /^(?:==\d+==)?(?<message>(?:ERROR|WARNING): (?:Address|Thread|Leak|Memory|UndefinedBehavior)Sanitizer: .*)/,
      opens: { lines: 30, until: /^(?:SUMMARY|==\d+==ABORTING)/ },
    },
    {
      is: "failure",
      line: /^(?<file>[^\s:]{1,300}):(?<line>\d+):\d+: (?<message>runtime error: .*)/,
      opens: { lines: 5 },
    },
    { is: "summary", line: /^SUMMARY: \w+Sanitizer: / },
  ],
};
