import type { Language } from "../language.ts";

/** Rust: cargo test, nextest, rstest, insta, clippy. Tests live inside the files that they test. */
export const rust: Language = {
  name: "rust",
  path: /\.rs$/,
  testPath: /(?:^|\/)tests?\/|(?:^|\/)(?:tests?|[^/]*_tests?)\.rs$/,
  testsFrom: /^\s*(?:#\[cfg\(test\)\]|(?:pub )?mod tests?\b|#\[(?:tokio::|async_std::|rs)?test\b)/,
  comment: /^\s*(?:\/\/|\/\*|\*\s)/,
  test: /^\s*#\[(?:(?:\w{1,30}::){0,2}test|rstest|test_case|wasm_bindgen_test|proptest)\b/,
  assertion:
    /\b(?:debug_)?assert(?:_\w{1,40})?!|\bpanic!|\b(?:expect|assert|check|verify)_\w{1,60}[!(]|#\[should_panic|\bprop_assert\w{0,10}!/,
  exact:
    /\bassert_eq!|\bassert_(?:debug_|json_|yaml_)?snapshot!|==|\bprop_assert_eq!|should_panic\(expected/,
  weak: /\.is_(?:ok|err|some|none|empty)\(\)|\bassert_ne!|!=|>=|<=|\s[<>]\s|\bassert_(?:approx|relative|ulps|abs_diff)\w{0,10}!|\.contains\(|\.starts_with\(|#\[should_panic\]|\bassert!\([^=]{0,200}$|\bmatches!\([^)]{0,80}\b_\b/,
  trivial:
    /\bassert!\(\s{0,4}(?:true|!false|1 == 1)\s{0,4}[,)]|\bassert_eq!\(\s{0,4}(1|0|true|\(\))\s{0,4},\s{0,4}\1\s{0,4}[,)]/,
  skipped: [
    /^\s*#\[ignore\b/,
    /^\s*#\[cfg\((?:any\(\)|FALSE|false|not\(test\))\)\]/,
    /\bcfg_attr\([^)]{0,80},\s{0,4}ignore\b/,
    /^\s*if false\b/,
    /\benv::var(?:_os)?\("(?:CI|GITHUB_ACTIONS)"\).{0,40}return\b/,
  ],
  skippedIf: [],
  focused: [],
  quieted: [
    /#!?\[(?:cfg_attr\([^)]{0,60},\s{0,4})?allow\(/,
    /#!?\[(?:rustfmt::skip|coverage\(off\)|cfg_attr\([^)]{0,60}no_coverage)/,
    /#!?\[expect\((?:clippy|warnings|dead_code|unused)/,
  ],
  exits: [/\bprocess::exit\(\s{0,4}0\s{0,4}\)/],
  detectsTests: [
    /\bcfg!\(\s{0,4}(?:not\(\s{0,4})?test\b/,
    /\benv::var(?:_os)?\(\s{0,4}"(?:CI|GITHUB_ACTIONS|NEXTEST|NEXTEST_RUN_ID|CARGO_TEST|RUST_TEST_\w{1,20}|TESTING)"/,
    /^\s*#\[cfg\(not\(test\)\)\]/,
  ],
  swallows: [/\bcatch_unwind\(/],
  catches: /\bErr\(_\w{0,20}\) => \{\s*$/,
  nothing: /^\s*\}/,
};
