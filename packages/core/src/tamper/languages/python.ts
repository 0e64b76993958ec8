import type { Language } from "../language.ts";

/** Python: pytest, unittest, nose. */
export const python: Language = {
  name: "python",
  path: /\.pyi?$/,
  testPath: /(?:^|\/)(?:test_[^/]*|[^/]*_tests?|tests?|conftest)\.py$|(?:^|\/)tests?\//,
  comment: /^\s*#/,
  test: /^\s*(?:(?:async )?def (test\w{0,150})\s{0,4}\(|class (Test\w{0,100})\b)/,
  assertion:
    /^\s*assert\b|\bself\.(?:assert|fail)\w{0,40}\(|\bpytest\.(?:raises|warns|fail)\b|\b(?:assert|check|verify|expect)_\w{1,60}\(|\.assert_\w{1,40}\(|\bassert_that\(/,
  exact:
    /==|\bassert(?:Equals?|ListEqual|DictEqual|SetEqual|TupleEqual|SequenceEqual|MultiLineEqual|CountEqual|Is|RaisesRegex)\(|\bassert \w[\w.]{0,80}(?:\(.{0,80}\))? is (?:True|False)\b|assert_(?:called_once_with|called_with|equal|has_calls|array_equal|frame_equal|any_call)\(|\braises\(\s{0,4}(?!Exception\b|BaseException\b)\w|assertRaises\(\s{0,4}(?!Exception\b|BaseException\b)\w/,
  weak: /\bapprox\(|\bassert(?:True|False|IsNotNone|IsNone|AlmostEquals?|In|NotIn|NotEqual|Greater\w{0,10}|Less\w{0,10}|IsInstance|Regex|Logs)\(|\bassert_(?:called|almost_equal|allclose|called_once)\b|>=|<=|!=|\s[<>]\s|\bis not None\b|\bisinstance\(|\bis None\b| in |\b(?:raises|assertRaises)\(\s{0,4}(?:Base)?Exception\b|^\s*assert [\w.]{1,80}(?:\([^=]{0,80}\))?\s*(?:,|$)|^\s*assert (?:len|bool|any|all)\([^=]{0,80}\)\s*$/,
  trivial:
    /^\s*assert\s{0,4}\(?\s{0,4}(?:True|1|not False|1 == 1|True == True|0 == 0)\s{0,4}\)?\s*(?:,|#|$)|\bassertTrue\(\s{0,4}(?:True|1)\s{0,4}[,)]|\bassertEqual\(\s{0,4}(1|True|0|None|"")\s{0,4},\s{0,4}\1\s{0,4}[,)]|^\s*assert (\w{1,60}) (?:==|is) \2\s*$| or True\b/,
  skipped: [
    /\bpytest\.mark\.(?:skip|xfail)\b(?!if)/,
    /\bpytest\.(?:skip|xfail|importorskip)\(/,
    /@(?:unittest\.|pytest\.mark\.)?(?:skip|expectedFailure)\b/,
    /\bself\.skipTest\(|\braise (?:unittest\.)?SkipTest\b/,
    /^\s*__test__\s{0,4}=\s{0,4}False/,
    /^\s*if (?:False|0)\s{0,4}:/,
    /\bos\.(?:environ|getenv).{0,20}["'](?:CI|GITHUB_ACTIONS)["'].{0,20}:\s{0,4}return\b/,
  ],
  skippedIf: [/\bskipif\b|@(?:unittest\.)?skip(?:If|Unless)\b/],
  focused: [/@pytest\.mark\.only\b|\bpytest\.main\(.{0,80}-k\b/],
  quieted: [
    /#\s{0,4}(?:noqa|type:\s{0,4}ignore|pyright:\s{0,4}(?:ignore|basic)|pylint:\s{0,4}(?:disable|skip-file)|mypy:|ruff:\s{0,4}noqa|flake8:\s{0,4}noqa|nosec|fmt:\s{0,4}(?:off|skip)|ty:\s{0,4}ignore|yapf:\s{0,4}disable)/,
    /#\s{0,4}pragma:\s{0,4}no\s{0,2}(?:cover|branch|mutate)/,
    /@(?:typing\.)?no_type_check\b|\bwarnings\.(?:simplefilter|filterwarnings)\(\s{0,4}["']ignore/,
    /\bNOSONAR\b/,
  ],
  exits: [
    /\b(?:sys\.exit|os\._exit|pytest\.exit|exit|quit)\(\s{0,4}(?:0|["'].{0,60}["'])?\s{0,4}\)|\braise SystemExit(?:\(0?\))?\s*$|exitstatus\s{0,4}=\s{0,4}0\b/,
  ],
  detectsTests: [
    /\bPYTEST_(?:CURRENT_TEST|VERSION|XDIST_WORKER)\b/,
    /["'](?:pytest|unittest|_pytest|nose)["'] (?:not )?in sys\.modules/,
    /\bsys\.(?:modules|argv).{0,60}(?:pytest|unittest|["']test["'])/,
    /\bos\.(?:environ|getenv).{0,20}["'](?:CI|GITHUB_ACTIONS|TESTING|TEST_MODE|IS_TEST|UNIT_TEST|TEST)["']/,
    /\binspect\.(?:stack|currentframe)\(.{0,80}test/,
    /\bsettings\.TESTING\b/,
  ],
  swallows: [
    /\bexcept\s{0,4}\(?.{0,60}\b(?:AssertionError|Failed)\b/,
    /\bsuppress\(.{0,60}\b(?:AssertionError|Exception|BaseException)\b/,
    /^\s*except(?: (?:Base)?Exception(?: as \w{1,20})?)?\s{0,4}:\s{0,4}(?:pass|return|\.\.\.)/,
  ],
  catches: /^\s*except(?: \(?(?:Base)?Exception\b.{0,40})?\s{0,4}:\s*$/,
  nothing: /^\s*(?:pass|return|\.\.\.|print\(|assert True|logging\.|logger\.)/,
};
