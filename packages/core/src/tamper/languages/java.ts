import type { Language } from "../language.ts";

/** Java, Kotlin, Scala, Groovy: JUnit 4 and 5, TestNG, AssertJ, Hamcrest, Kotest, Spock. */
export const java: Language = {
  name: "java",
  path: /\.(?:java|kts?|scala|groovy)$/,
  testPath:
    /(?:^|\/)(?:src\/)?(?:\w{0,30}[tT]est|androidTest|tests?|it)\/|(?:Tests?|IT|Spec|TestCase)\.(?:java|kt|scala|groovy)$/,
  comment: /^\s*(?:\/\/|\/\*|\*)/,
  test: /^\s*@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property|Theory)\b|^\s*(?:test|it|should|scenario)\(\s{0,4}"(.{1,200}?)"\s{0,4}\)|^\s*(?:def|fun) ["`](.{1,200}?)["`]\s{0,4}\(/,
  assertion:
    /\b(?:assert|verify|expect|check|should|fail)\w{0,60}\s{0,2}[({]|\.should\w{0,40}\b| shouldBe | shouldThrow|^\s*assert\b|@Test\(expected|\.andExpect\(|\.isEqualTo\(|^\s*then:\s*$/,
  exact:
    /\bassert(?:Equals|ArrayEquals|IterableEquals|LinesMatch|Same|ContentEquals|Throws|ThrowsExactly|FailsWith)\b|\.(?:isEqualTo|isSameAs|hasSize|containsExactly\w{0,12}|isExactlyInstanceOf|hasMessage|isEqualToIgnoringCase|isTrue|isFalse)\(|\b(?:is|equalTo|hasItems|contains)\(| shouldBe (?!not)|==|\btimes\(|@Test\(expected/,
  weak: /\bassert(?:True|False|NotNull|Null|NotEquals|DoesNotThrow|InstanceOf|NotSame)\b|\.(?:isNotNull|isNotEmpty|isNotZero|isNotEqualTo|isInstanceOf|isGreaterThan\w{0,12}|isLessThan\w{0,12}|isPositive|isCloseTo|isBetween|contains|isNull|startsWith|isPresent|doesNotThrow\w{0,20}|hasSizeGreaterThan)\(|\b(?:notNullValue|anything|any|not|greaterThan\w{0,12}|lessThan\w{0,12}|closeTo|instanceOf|atLeast|atLeastOnce|atMost)\(| shouldNotBe | shouldBeGreaterThan|>=|<=|!=|\s[<>]\s|\bassertThrows\(\s{0,4}(?:Throwable|Exception|RuntimeException)\.class/,
  trivial:
    /\bassertTrue\(\s{0,4}(?:"[^"]{0,60}",\s{0,4})?true\s{0,4}[,)]|\bassertFalse\(\s{0,4}false\s{0,4}[,)]|\bassert(?:Equals|Same)\(\s{0,4}(1|true|0|"[^"]{0,20}")\s{0,4},\s{0,4}\1\s{0,4}[,)]|\bassertThat\(true\)\.isTrue|\bassertNotNull\(\s{0,4}(?:this|"[^"]{0,20}")\s{0,4}\)/,
  skipped: [
    /^\s*@(?:\w{1,30}\.){0,6}(?:Disabled|Ignore|Ignored|PendingFeature)\b/,
    /@Test\([^)]{0,80}enabled\s{0,4}=\s{0,4}false/,
    /\b(?:assumeTrue|assumeFalse|assumeThat)\(\s{0,4}(?:false|true)\b|\bassumeTrue\(|\babort\(\)|\bthrow new (?:SkipException|TestAbortedException|AssumptionViolatedException)\b/,
    /(?<![\w.])(?:xtest|xit|xdescribe|xcontext|xshould)\(|\.config\([^)]{0,40}enabled = false|\bignore\(\s{0,4}"/,
    /^\s*if \(false\)/,
  ],
  skippedIf: [/^\s*@(?:Disabled|Enabled)(?:On|If|For)\w{1,40}\b/],
  focused: [/(?<![\w.])f(?:test|it|describe|context|should)\(\s{0,4}"|"f:|@(?:FocusTest|Only)\b/],
  quieted: [
    /@SuppressWarnings\b|@Suppress\b|@file:Suppress\b|@SuppressFBWarnings\b|@SuppressLint\b/,
    /\bNOSONAR\b|\bNOPMD\b|CHECKSTYLE[.: ]OFF|noinspection|\bktlint-disable\b|\/\/ ?detekt:|@Generated\("jacoco|@(?:ExcludeFromJacocoGeneratedReport|CoverageIgnore)/,
  ],
  exits: [
    /\bSystem\.exit\(\s{0,4}0\s{0,4}\)|\bexitProcess\(\s{0,4}0\s{0,4}\)|\bRuntime\.getRuntime\(\)\.halt\(0/,
  ],
  detectsTests: [
    /\bClass\.forName\(\s{0,4}"org\.(?:junit|testng)|\bgetStackTrace\(\).{0,100}(?:junit|[tT]est)|"org\.junit[.\w]{0,60}"/,
    /\bSystem\.(?:getenv|getProperty)\(\s{0,4}"(?:CI|GITHUB_ACTIONS|TEST|TESTING|test\.mode|surefire[\w.]{0,40}|org\.gradle\.test\.worker|TEST_MODE)"/,
    /\bacceptsProfiles\([^)]{0,60}"test"/,
  ],
  swallows: [
    /\bcatch \(\s{0,4}(?:final )?(?:\w{1,20}: )?(?:AssertionError|AssertionFailedError|Throwable|Error)\b/,
    /\bcatch \([^)]{1,60}\)\s{0,4}\{\s{0,4}(?:\/\/.{0,80}|\/\*.{0,80}\*\/\s{0,4})?\}/,
    /\brunCatching\s{0,4}\{/,
  ],
  catches: /\bcatch \([^)]{1,60}\)\s{0,4}\{\s*$/,
  nothing: /^\s*(?:\}|\/\/|\/\*|return;?\s*$|System\.out|e\.printStackTrace|println\()/,
};
