import type { Language } from "../language.ts";

/** C and C++: GoogleTest, Catch2, doctest, Boost.Test, Unity, cmocka. */
export const cpp: Language = {
  name: "cpp",
  path: /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inl|ipp|m|mm|cu)$/,
  testPath:
    /(?:^|[/_.-])(?:unit)?tests?\.(?:c|cc|cpp|cxx|h|hpp|mm?)$|(?:^|\/)test_[^/]*$|(?:Tests?|Spec)\.(?:c|cc|cpp|cxx|mm?)$|(?:^|\/)(?:unit)?tests?\//,
  comment: /^\s*(?:\/\/|\/\*|\*\s)/,
  test: /^\s*(?:TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P)\(\s{0,4}(\w{1,80}\s{0,4},\s{0,4}\w{1,120})|^\s*(?:TEST_CASE|SCENARIO|SECTION|SUBCASE|TEST_CASE_METHOD)\(\s{0,4}"(.{1,200}?)"|^\s*BOOST_(?:AUTO|FIXTURE|DATA)_TEST_CASE\(\s{0,4}(\w{1,80})|^\s*(?:static )?void (test_?\w{1,100})\s{0,4}\(|^\s*(?:RUN_TEST|cmocka_unit_test)\(\s{0,4}(\w{1,80})|^\s*- \(void\)(test\w{1,100})/,
  assertion:
    /\b(?:EXPECT|ASSERT|CHECK|REQUIRE|STATIC_REQUIRE|STATIC_CHECK|BOOST|TEST_ASSERT|XCTAssert|ck_assert|FAIL|WARN|ADD_FAILURE)\w{0,40}\s{0,2}\(|\bassert\w{0,40}\s{0,2}\(|\b(?:check|verify|expect)(?:[A-Z_])\w{0,60}\(/,
  exact:
    /\b(?:EXPECT|ASSERT)_(?:EQ|STREQ|STRCASEEQ|THROW|DEATH|FLOAT_EQ|DOUBLE_EQ)\b|==|\bBOOST_(?:CHECK|REQUIRE)_(?:EQUAL\w{0,16}|THROW)\b|TEST_ASSERT_EQUAL\w{0,30}|XCTAssertEqual\w{0,12}|assert_(?:int|string|ptr)_equal|\b(?:REQUIRE|CHECK)_THROWS_(?:AS|WITH)\b|\b(?:Eq|StrEq|ElementsAre)\(|\.Times\(/,
  weak: /\b(?:EXPECT|ASSERT)_(?:TRUE|FALSE|NE|GE|GT|LE|LT|NEAR|NO_THROW|ANY_THROW|STRNE)\b|\bBOOST_(?:CHECK|REQUIRE)_(?:NE|GE|GT|LE|LT|CLOSE|SMALL|NO_THROW)\b|TEST_ASSERT_(?:TRUE|NOT_NULL|NOT_EQUAL|WITHIN\w{0,10}|FLOAT_WITHIN|GREATER\w{0,20})|XCTAssert(?:True|NotNil|NotEqual|Greater\w{0,20}|NoThrow)|\bApprox\(|\bWithin(?:Abs|Rel)\(|\b(?:REQUIRE|CHECK)_(?:THROWS|NOTHROW)\(|>=|<=|!=|\b(?:REQUIRE|CHECK|assert|BOOST_CHECK|BOOST_TEST)\([^=]{0,200}$|\bAtLeast\(|testing::_/,
  trivial:
    /\b(?:EXPECT|ASSERT)_TRUE\(\s{0,4}(?:true|1)\s{0,4}\)|\bSUCCEED\(\)|\b(?:REQUIRE|CHECK|assert|BOOST_CHECK|BOOST_TEST|TEST_ASSERT|TEST_ASSERT_TRUE|XCTAssertTrue)\(\s{0,4}(?:true|1|YES)\s{0,4}\)|\b(?:EXPECT|ASSERT)_EQ\(\s{0,4}(1|0|true)\s{0,4},\s{0,4}\1\s{0,4}\)|TEST_PASS\(/,
  skipped: [
    /\bGTEST_SKIP\(\)|\b(?:TEST\w{0,4}|TYPED_TEST)\(\s{0,4}(?:DISABLED_|\w{1,80}\s{0,4},\s{0,4}DISABLED_)/,
    /\bTEST_CASE\(.{0,160}\[(?:\.|!mayfail|!shouldfail|hide)\]?|\bdoctest::(?:skip|may_fail|should_fail)|\bTEST_IGNORE\w{0,20}\(|\bboost::unit_test::disabled|\bSKIP\(|XCTSkip\w{0,10}\(/,
    /^\s*#\s{0,4}if\s{1,4}(?:0|false|FALSE)\b|^\s*#\s{0,4}ifdef\s{1,4}(?:DISABLED|NEVER|SKIP)\w{0,30}/,
    /^\s*if \((?:false|0)\)|\bskip\(\);/,
  ],
  skippedIf: [
    /^\s*#\s{0,4}if(?:n?def)?\s{1,4}!?(?:defined\(?)?_?(?:WIN32|APPLE|__linux__|MSC_VER)/,
  ],
  focused: [/\bGTEST_FLAG_SET\(filter|::testing::GTEST_FLAG\(filter\)/],
  quieted: [
    /^\s*#\s{0,4}pragma\s{1,4}(?:(?:GCC|clang)\s{1,4}diagnostic\s{1,4}ignored|warning\s{0,4}\(\s{0,4}(?:disable|suppress))/,
    /\bNOLINT(?:NEXTLINE|BEGIN)?\b|\bclang-format off\b|\bcppcheck-suppress|\bNOSONAR\b|\bLCOV_EXCL_|\bGCOVR?_EXCL_|\bcoverity\[|__attribute__\(\(no_sanitize|\bno_sanitize\(|ATTRIBUTE_NO_SANITIZE/,
  ],
  exits: [/\b_?[eE]xit\(\s{0,4}(?:0|EXIT_SUCCESS)\s{0,4}\)|\bstd::(?:quick_)?exit\(\s{0,4}0/],
  detectsTests: [
    /\bgetenv\(\s{0,4}"(?:CI|GITHUB_ACTIONS|GTEST_\w{1,30}|TESTING|TEST_MODE|UNIT_TEST|TEST_\w{1,30})"/,
    /^\s*#\s{0,4}(?:if|ifdef|ifndef|elif).{0,40}\b(?:UNIT_TEST(?:S|ING)?|TESTING|GTEST|GOOGLETEST|RUNNING_TESTS|IN_TEST|BUILD_FOR_TEST\w{0,4})\b/,
    /\bprogram_invocation_name\b.{0,40}test/,
  ],
  swallows: [
    /\bcatch\s{0,4}\(\s{0,4}(?:\.\.\.|[^)]{1,60})\s{0,4}\)\s{0,4}\{\s{0,4}(?:\/\/.{0,80}|\/\*.{0,80}\*\/\s{0,4})?\}/,
  ],
  catches: /\bcatch\s{0,4}\([^)]{1,60}\)\s{0,4}\{\s*$/,
  nothing: /^\s*(?:\}|\/\/|return;?\s*$|std::c)/,
};
