import type { Language } from "../language.ts";

/** Shell: bats, shunit2, ShellCheck. */
export const shell: Language = {
  name: "shell",
  path: /\.(?:sh|bash|bats|zsh|ksh)$/,
  testPath: /\.bats$|(?:^|[/_.-])tests?\.(?:sh|bash)$|(?:^|\/)(?:t|tests?)\//,
  comment: /^\s*#/,
  test: /^\s*@test ["'](.{1,200}?)["']|^\s*(?:function )?(test_?\w{1,100})\s{0,4}\(\)/,
  assertion:
    /^\s*(?:assert|refute|fail|expect|check)\w{0,40}\b|^\s*\[{1,2} |^\s*test |\|\| (?:exit 1|return 1|fail\b)/,
  exact: /\bassert(?:_?[eE]quals?|_output|_line|Same)\b|\s={1,2}\s|-eq\b/,
  weak: /\s!=\s|-(?:ne|ge|gt|le|lt|n|z|e|f)\b|=~|\bassert(?:True|NotNull|_success|_failure)\b|--partial\b|\bgrep -q/,
  trivial: /\bassertTrue (?:0|true)|^\s*\[{1,2} (?:1 -eq 1|true) \]|^\s*true\s*$/,
  skipped: [/^\s*(?:skip|startSkipping)\b/, /^\s*if false\b/],
  skippedIf: [],
  focused: [/^\s*# bats test_tags=bats:focus/],
  quieted: [/#\s{0,4}shellcheck disable/],
  exits: [/^\s*exit(?: 0)?\s*$/],
  detectsTests: [/\$\{?(?:BATS_\w{1,40}|SHUNIT_\w{1,20})\b/],
  swallows: [/\|\| (?:true|:)(?:\s|;|$)/],
  catches: /^(?!)/,
  nothing: /^(?!)/,
};
