import type { Language } from "../language.ts";

/** Swift: XCTest, Swift Testing, SwiftLint. */
export const swift: Language = {
  name: "swift",
  path: /\.swift$/,
  testPath: /(?:Tests?|Spec)\.swift$|(?:^|\/)\w{0,60}Tests\//,
  comment: /^\s*(?:\/\/|\/\*|\*)/,
  test: /^\s*(?:\w{1,20} ){0,3}func (test\w{1,150})\s{0,4}\(|^\s*@Test\b/,
  assertion:
    /\bXCT(?:Assert|Fail|Unwrap)\w{0,40}\(|#(?:expect|require)\(|\bexpect\(|\b(?:assert|check|verify)[A-Z]\w{0,60}\(/,
  exact: /\bXCTAssert(?:Equal|Identical|ThrowsError)\b|==|\bequal\(/,
  weak: /\bXCTAssert(?:True|False|NotNil|Nil|NotEqual|Greater\w{0,20}|Less\w{0,20}|NoThrow)?\(|\baccuracy:|>=|<=|!=|\s[<>]\s|\bbeTruthy|\bnot\b/,
  trivial:
    /\bXCTAssert(?:True)?\(\s{0,4}true\s{0,4}[,)]|\bXCTAssertEqual\(\s{0,4}(1|true|0)\s{0,4},\s{0,4}\1\s{0,4}[,)]|#expect\(\s{0,4}(?:true|Bool\(true\))\s{0,4}\)/,
  skipped: [
    /\bthrow XCTSkip\b|\bXCTSkip\w{0,10}\(/,
    /\.disabled\(|\bXCTExpectFailure\b|\bwithKnownIssue\b/,
    /^\s*#if false\b|^\s*if false\b/,
    /(?<![\w.])(?:xit|xdescribe|xcontext|pending)\(/,
  ],
  skippedIf: [/\.enabled\(if:/],
  focused: [/(?<![\w.])(?:fit|fdescribe|fcontext)\(/],
  quieted: [/swiftlint:disable|swiftformat:disable/],
  exits: [/(?<![\w.])exit\(\s{0,4}(?:0|EXIT_SUCCESS)\s{0,4}\)/],
  detectsTests: [
    /NSClassFromString\(\s{0,4}"XC|XCTestConfigurationFilePath|environment\["(?:CI|XCTest\w{1,40}|TESTING)"\]/,
  ],
  swallows: [/\bcatch(?: [^{]{0,40})?\s{0,4}\{\s{0,4}\}/],
  catches: /\bcatch(?: [^{]{0,40})?\s{0,4}\{\s*$/,
  nothing: /^\s*(?:\}|\/\/|return\s*$|print\()/,
};
