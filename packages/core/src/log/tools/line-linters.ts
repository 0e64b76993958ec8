import type { LogTool } from "../tool.ts";

// Linters that say each finding on one line, with its place in front. flake8 prints as ruff does, and is read by it.

export const pylint: LogTool = {
  name: "pylint",
  kind: "lint",
  hints: [".py:", "Your code has been rated at "],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[\w./\\-]+\.py):(?<line>\d+):\d+: (?<message>[CRWEFI]\d{4}: .*)$/,
    },
    { is: "summary", line: /^Your code has been rated at / },
  ],
};

export const golangciLint: LogTool = {
  name: "golangci-lint",
  kind: "lint",
  hints: [".go:", " issues:", " issues.", "golangci-lint exit with"],
  rules: [
    {
      is: "failure",
      line: /^(?:level=error msg=")?(?<file>[\w./-]+\.go):(?<line>\d+)(?::\d+)?: (?<message>\S.* \([a-z][\w-]*\))$/,
      opens: { lines: 2, until: /^\S+\.go:\d|^\d+ issues[:.]/ },
    },
    { is: "summary", line: /^\d+ issues[:.]$/, opens: { lines: 12, until: /^[^*]|^$/ } },
    { is: "echo", line: /^golangci-lint exit with/ },
  ],
};

export const rubocop: LogTool = {
  name: "rubocop",
  kind: "lint",
  hints: [".rb:", ".rake:", ".gemspec:", "Gemfile:", "Rakefile:", " inspected, "],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[^\s:]+(?:\.(?:rb|rake|gemspec|ru)|Gemfile|Rakefile)):(?<line>\d+):\d+: [CWEF]: (?:\[Correctable\] )?(?<message>.*)$/,
      opens: { lines: 2, until: /^\S+:\d+:\d+: |^\d+ files? inspected|^$/ },
    },
    { is: "summary", line: /^\d+ files? inspected, \d+ offenses? detected/ },
  ],
};

export const actionlint: LogTool = {
  name: "actionlint",
  kind: "lint",
  hints: [".github/workflows/"],
  rules: [
    {
      is: "failure",
      line: /^(?<file>\S*\.github\/workflows\/[^\s:]+):(?<line>\d+):\d+: (?<message>.* \[[\w-]+\])$/,
      opens: { lines: 3, until: /^[^\s\d|]/ },
    },
  ],
};

export const hadolint: LogTool = {
  name: "hadolint",
  kind: "lint",
  hints: [" DL3", " DL4", " DL1", " SC1", " SC2"],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[^\s:]+):(?<line>\d+)(?::\d+)? (?<message>(?:DL|SC)\d{4} .*)$/,
    },
  ],
};

export const yamllint: LogTool = {
  name: "yamllint",
  kind: "lint",
  hints: ["  error  "],
  rules: [
    {
      is: "failure",
      line: /^ {2}(?<line>\d+):\d+ +error +(?<message>\S.* {2}\([a-z-]+\))$/,
      above: /^(?<file>\S+\.ya?ml)$/,
    },
  ],
};

export const markdownlint: LogTool = {
  name: "markdownlint",
  kind: "lint",
  hints: [" MD0"],
  rules: [
    {
      is: "failure",
      line: /^(?<file>[^\s:]+):(?<line>\d+)(?::\d+)? (?:error )?(?<message>MD\d{3}\/.*)$/,
    },
  ],
};

export const codespell: LogTool = {
  name: "codespell",
  kind: "lint",
  hints: [" ==> "],
  rules: [{ is: "failure", line: /^(?<file>[^\s:]+):(?<line>\d+): (?<message>\S+ ==> .*)$/ }],
};
