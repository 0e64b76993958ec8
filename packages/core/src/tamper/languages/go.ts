import type { Language } from "../language.ts";

/** Go: testing, testify, ginkgo, golangci-lint. */
export const go: Language = {
  name: "go",
  path: /\.go$/,
  testPath: /_test\.go$/,
  comment: /^\s*(?:\/\/(?!go:build| \+build)|\/\*)/,
  test: /^\s*func(?: \([^)]{1,60}\))? ((?:Test|Fuzz|Example)\w{0,120})\s{0,4}\(|^\s*t\.Run\(\s{0,4}"(.{1,200}?)",|^\s*(?:[xpf]?(?:It|Specify))\(\s{0,4}"(.{1,200}?)",/,
  assertion:
    /\bt\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(|\b(?:assert|require|is|must|check|qt)\.\w{1,40}\(|\b(?:assert|require|check|verify|expect|must)[A-Z]\w{0,60}\(|\bExpect\(|\bcmp\.Diff\(/,
  exact:
    /!=|==|\.(?:Equal|Equalf|EqualValues|EqualError|Exactly|JSONEq|YAMLEq|ElementsMatch|Len|ErrorIs|Same|PanicsWithValue|ErrorContains)\(|\bcmp\.Diff\(|reflect\.DeepEqual|\.To\((?:Equal|BeIdenticalTo|HaveLen)\(/,
  weak: /\.(?:NotNil|NotEmpty|Nil|Empty|Error|NoError|True|False|Contains|NotEqual|Greater\w{0,10}|Less\w{0,10}|InDelta|InEpsilon|Panics|NotPanics|NotZero|Regexp|IsType|Subset|WithinDuration)f?\(\s{0,4}t\b|>=|<=|\s[<>]\s|\.To\((?:Succeed|BeTrue|Not\(BeNil|ContainSubstring|HaveOccurred)|\b(?:err|got|result|res|actual) == nil\b/,
  trivial:
    /\.True\(\s{0,4}t,\s{0,4}true\b|\.(?:Equal|Exactly)\(\s{0,4}t,\s{0,4}(1|true|0|"")\s{0,4},\s{0,4}\1\b|\bif (?:false|1 != 1)\b/,
  skipped: [
    /\b(?:t|b|f|tb|s\.T\(\)|suite\.T\(\))\.Skip(?:f|Now)?\(/,
    /^\s*(?:PIt|XIt|PDescribe|XDescribe|PContext|XContext|PSpecify|XSpecify|PWhen|XWhen)\(/,
    /\bSkip\(\s{0,4}"/,
    /^\/\/go:build (?:ignore|never|skip|integration|!test|disabled)|^\/\/ \+build (?:ignore|never)/,
    /^\s*if false \{/,
    /\bos\.Getenv\("(?:CI|GITHUB_ACTIONS)"\).{0,40}return\b/,
  ],
  skippedIf: [],
  focused: [
    /^\s*(?:FIt|FDescribe|FContext|FSpecify|FWhen|FEntry|FDescribeTable)\(/,
    /\bflag\.Set\("test\.run"/,
  ],
  quieted: [
    /\/\/\s{0,4}nolint\b|\/\/\s{0,4}#nosec\b|\/\/lint:(?:ignore|file-ignore)|\/\/revive:disable|\/\/exhaustive:ignore|\/\/coverage:ignore/,
  ],
  exits: [/\bos\.Exit\(\s{0,4}0\s{0,4}\)|\bsyscall\.Exit\(0\)/],
  detectsTests: [
    /\btesting\.Testing\(\)|\bflag\.Lookup\(\s{0,4}"test\./,
    /\bos\.Args\[0\].{0,40}(?:\.test|_test)|\bstrings\.(?:HasSuffix|Contains)\(\s{0,4}os\.Args\[0\]/,
    /\bos\.(?:Getenv|LookupEnv)\(\s{0,4}"(?:CI|GITHUB_ACTIONS|GO_TEST|TESTING|TEST_MODE|IS_TEST)"/,
    /\bruntime\.Caller\(.{0,60}_test/,
  ],
  swallows: [/\bdefer func\(\)\s{0,4}\{\s{0,4}(?:_ = )?recover\(\)/],
  catches: /\bdefer func\(\)\s{0,4}\{\s*$/,
  nothing: /^\s*(?:_ = )?recover\(\)|^\s*if \w{1,20} := recover\(\)/,
};
