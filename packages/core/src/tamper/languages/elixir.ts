import type { Language } from "../language.ts";

/** Elixir: ExUnit, Credo, Dialyzer. */
export const elixir: Language = {
  name: "elixir",
  path: /\.exs?$/,
  testPath: /_test\.exs$|(?:^|\/)test\//,
  comment: /^\s*#/,
  test: /^\s*(?:test|property) "(.{1,200}?)"/,
  assertion: /^\s*(?:assert|refute)\w{0,40}\b|\b(?:assert|check|verify)_\w{1,60}\(/,
  exact: /==|\bassert_(?:raise|receive|received)\b| = /,
  weak: /!=|>=|<=|\s[<>]\s|=~|\bin\b|\bassert_in_delta\b|\brefute\b|^\s*assert [\w.]{1,80}(?:\([^=]{0,80}\))?\s*$/,
  trivial: /^\s*assert\(?\s{0,2}(?:true|1 == 1)\b/,
  skipped: [/^\s*@(?:module)?tag :?skip\b|^\s*@(?:describe)tag :?skip\b/, /^\s*if false\b/],
  skippedIf: [/^\s*@tag skip: \w+ ?&&/],
  focused: [/^\s*@(?:module|describe)?tag :?(?:focus|only)\b/],
  quieted: [/credo:disable|@dialyzer\b|coveralls-ignore|sobelow_skip/],
  exits: [/\bSystem\.(?:halt|stop)\(\s{0,4}0?\s{0,4}\)/],
  detectsTests: [
    /\bMix\.env\(?\)?\s{0,4}==\s{0,4}:test|\bCode\.ensure_loaded\?\(ExUnit|System\.get_env\("(?:CI|TESTING)"/,
  ],
  swallows: [/\brescue\s{0,4}ExUnit\.AssertionError|^\s*_?\w{0,20} in ExUnit\.AssertionError/],
  catches: /^\s*rescue\s*$/,
  nothing: /^\s*(?:_|end|:ok)/,
};
