import type { Language } from "../language.ts";

/** PHP: PHPUnit, Pest, PHPStan, Psalm, PHP_CodeSniffer. */
export const php: Language = {
  name: "php",
  path: /\.(?:php|phpt)$/,
  testPath: /(?:Test|Cest|Spec)\.php$|\.phpt$|(?:^|\/)[tT]ests?\//,
  comment: /^\s*(?:\/\/|\/\*|\*|#(?!\[))/,
  test: /^\s*(?:(?:public|final|static) ){0,3}function (test\w{1,150})\s{0,4}\(|^\s*#\[Test\b|^\s*\*\s{0,2}@test\b|^\s*(?:it|test)\(\s{0,4}["'](.{1,200}?)["']/,
  assertion:
    /(?:->|::)(?:assert|expect|should|fail)\w{0,60}\(|\bexpect\(|(?:->|::)(?:check|verify|assert)[A-Z]\w{0,40}\(|\bassert\(/,
  exact:
    /(?:->|::)(?:assert(?:Equals|Same|Count|JsonStringEqualsJsonString|EqualsCanonicalizing|ExactJson|Status)|expectExceptionMessage|toBe|toEqual|toHaveCount|toMatchArray)\(|={2,3}|expectException\(\s{0,4}(?!\\?Exception::|\\?Throwable::)/,
  weak: /(?:->|::)(?:assert(?:True|False|NotNull|Null|NotEmpty|Empty|NotEquals|NotSame|InstanceOf|Contains|StringContains\w{0,20}|Greater\w{0,20}|Less\w{0,20}|EqualsWithDelta|IsArray|IsString|IsInt|MatchesRegularExpression|ArrayHasKey|Successful|Ok)|toBeTruthy|toBeFalsy|toBeTrue|not|toContain|toBeInstanceOf|toBeGreaterThan\w{0,10}|toBeLessThan\w{0,10}|toBeString|toBeArray|toEqualWithDelta|expectNotToPerformAssertions)\b|>=|<=|!=|\s[<>]\s|expectException\(\s{0,4}\\?(?:Exception|Throwable)::/,
  trivial:
    /(?:->|::)assertTrue\(\s{0,4}true\s{0,4}[,)]|(?:->|::)assert(?:Same|Equals)\(\s{0,4}(1|true|0|null)\s{0,4},\s{0,4}\1\s{0,4}[,)]|\bexpect\(\s{0,4}true\s{0,4}\)->(?:toBeTrue|toBe\(true)|addToAssertionCount|expectNotToPerformAssertions/,
  skipped: [
    /(?:->|::)mark(?:TestSkipped|TestIncomplete)\(/,
    /->(?:skip|todo)\(|^\s*(?:xit|xtest|xdescribe)\(/,
    /^\s*\*\s{0,2}@(?:group (?:skip|disabled|broken)|requires PHP 99)|#\[(?:Group\(["'](?:skip|disabled|broken)|DoesNotPerformAssertions)/,
    /^\s*if \(false\)/,
  ],
  skippedIf: [/#\[Requires\w{1,30}\(|->skipOn\w{1,20}\(/],
  focused: [/->only\(\s{0,4}\)|^\s*(?:fit|ftest)\(/],
  quieted: [
    /@phpstan-ignore|@psalm-suppress|@phpcs:?(?:ignore|disable)|\bphpcs:(?:ignore|disable)|@codingStandardsIgnore|@codeCoverageIgnore|#\[CodeCoverageIgnore|@SuppressWarnings|\bNOSONAR\b|@infection-ignore-all|@noinspection|@mago-(?:ignore|expect)/,
    /^\s*(?:@?error_reporting\(\s{0,4}0|@?ini_set\(\s{0,4}["']display_errors["'],\s{0,4}["']?0)/,
  ],
  exits: [/(?<![\w>:$])(?:exit|die)\s{0,4}(?:\(\s{0,4}0?\s{0,4}\))?\s{0,4};/],
  detectsTests: [
    /\bdefined\(\s{0,4}["'](?:PHPUNIT_\w{1,40}|__PHPUNIT\w{0,30}|TESTING)["']/,
    /->runningUnitTests\(|\bapp\(\)->environment\(\s{0,4}["']testing|\bApp::(?:runningUnitTests|environment\(\s{0,4}["']testing)/,
    /\bclass_exists\(\s{0,4}["']?\\?PHPUnit/,
    /\b(?:getenv|env)\(\s{0,4}["'](?:CI|GITHUB_ACTIONS|TESTING|TEST_MODE)["']|\b(?:getenv|env)\(\s{0,4}["']APP_ENV["'].{0,20}===?\s{0,4}["']test/,
    /\$_(?:ENV|SERVER)\[["'](?:CI|TESTING|PHPUNIT\w{0,20})["']\]/,
  ],
  swallows: [
    /\bcatch\s{0,4}\(\s{0,4}(?:\\?\w{1,30}){0,6}\\?(?:AssertionFailedError|ExpectationFailedException|Throwable)\b/,
    /\bcatch\s{0,4}\([^)]{1,60}\)\s{0,4}\{\s{0,4}(?:\/\/.{0,80}|\/\*.{0,80}\*\/\s{0,4})?\}/,
  ],
  catches: /\bcatch\s{0,4}\([^)]{1,60}\)\s{0,4}\{?\s*$/,
  nothing: /^\s*(?:\}|\{\s*\}?\s*$|\/\/|return;?\s*$|echo\b)/,
};
