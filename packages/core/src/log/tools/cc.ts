import type { LogTool } from "../tool.ts";

/** GCC, Clang and their linkers: C, C++, Objective-C, CUDA. */
export const cc: LogTool = {
  name: "cc",
  kind: "build",
  hints: [
    " error: ",
    "undefined reference to",
    "undefined symbol",
    "Undefined symbols for",
    "cannot find -l",
    "multiple definition of",
    "duplicate symbol",
    "ld returned",
    "symbol(s) not found",
    "Assertion `",
    "Assertion '",
    "Assertion failed: ",
    "linker command failed",
    "compilation terminated",
    "errors generated.",
    "error generated.",
  ],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[^\s:][^:]*\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inl|ipp|tcc|m|mm|cu|cuh|cl|[sS]|inc|def)):(?<line>\d+):(?:\d+:)? (?:fatal )?error: (?<message>.*)$/,
      opens: { lines: 6, until: /^\S/ },
    },
    {
      is: "failure",
      line: /^(?:\S*ld: )?(?<file>[^\s:()]+):(?:(?<line>\d+)|\([^\s()]+\)): (?<message>undefined reference to .*)$/,
    },
    {
      is: "failure",
      line: /^\S*ld(?:\.\w+)?: (?:error: )?(?<message>(?:cannot find -l|undefined symbol|duplicate symbol).*)$/,
    },
    { is: "failure", line: /^\S*ld: (?<file>[^\s:]+): (?<message>multiple definition of .*)$/ },
    {
      is: "block",
      line: /^Undefined symbols for architecture /,
      opens: { lines: 20, until: /^ld: / },
    },
    { is: "failure", within: true, line: /^ {2}(?<message>"\S.*", referenced from:)$/ },
    {
      is: "failure",
      kind: "crash",
      line: /^(?:[^\s:]+: )?(?<file>[^\s:]+\.\w+):(?<line>\d+): (?:.*: )?(?<message>Assertion [`'].*)$/,
    },
    {
      is: "failure",
      kind: "crash",
      line: /^(?<message>Assertion failed: .*?), function [^,]*, file (?<file>[^\s,]+), line (?<line>\d+)/,
    },
    {
      is: "echo",
      line: /^(?:collect2: error: ld returned|ld: symbol\(s\) not found|\S*clang(?:\+\+)?: error: linker command failed|compilation terminated\.)/,
    },
    { is: "summary", line: /^(?:\d+ warnings? and )?\d+ errors? generated\.$/ },
  ],
};
