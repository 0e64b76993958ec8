import type { Language } from "../language.ts";

/** C# and F#: xUnit, NUnit, MSTest, FluentAssertions. */
export const csharp: Language = {
  name: "csharp",
  path: /\.(?:cs|fs|vb)$/,
  testPath:
    /(?:Tests?|Specs?|Fixture)\.(?:cs|fs|vb)$|(?:^|\/)(?:[\w.]{0,80}\.)?(?:[tT]ests?|UnitTests|IntegrationTests)\//,
  comment: /^\s*(?:\/\/|\/\*|\*)/,
  test: /^\s*\[(?:\w{1,20}, )?(?:Fact|Theory|Test|TestMethod|DataTestMethod|TestCaseSource|SkippableFact|Property)\b/,
  assertion:
    /\b(?:Assert|StringAssert|CollectionAssert|Check|Verify|Expect)\.?\w{0,40}[.(]|\.Should\w{0,30}\(|\.Verify\w{0,20}\(|\b(?:Assert|Check|Verify|Expect)[A-Z]\w{0,60}\(|\[ExpectedException/,
  exact:
    /\bAssert\.(?:Equal|AreEqual|Same|AreSame|StrictEqual|Single|Collection|Throws|ThrowsAsync|ThrowsExactly|Equivalent)\b|\bIs\.(?:EqualTo|SameAs|EquivalentTo)\b|\.(?:Be|BeEquivalentTo|Equal|HaveCount|ThrowExactly|ContainSingle|BeTrue|BeFalse)\(|==|\bTimes\.(?:Once|Exactly)|ExpectedException/,
  weak: /\bAssert\.(?:True|False|NotNull|IsNotNull|Null|IsNull|IsTrue|IsFalse|NotEqual|AreNotEqual|NotEmpty|Empty|Contains|Greater\w{0,12}|Less\w{0,12}|InRange|IsType|IsInstanceOf\w{0,6}|IsAssignableFrom|ThrowsAny\w{0,6}|Matches|StartsWith|DoesNotThrow|Pass)\b|\b(?:Is\.(?:Not|GreaterThan|LessThan|AtLeast|InRange|True|InstanceOf)|Does\.Contain|Throws\.Exception)\b|\.(?:NotBe\w{0,20}|BeGreaterThan\w{0,12}|BeLessThan\w{0,12}|BeApproximately|BeOfType|BeAssignableTo|Contain|StartWith|BePositive)\(|\bTimes\.AtLeast|>=|<=|!=|\s[<>]\s|\bIt\.IsAny|\bThrows(?:Async)?<Exception>/,
  trivial:
    /\bAssert\.(?:True|IsTrue)\(\s{0,4}true\b|\bAssert\.Pass\(|\bAssert\.(?:Equal|AreEqual)\(\s{0,4}(1|true|0|"[^"]{0,20}")\s{0,4},\s{0,4}\1\s{0,4}[,)]|\btrue\.Should\(\)\.BeTrue/,
  skipped: [
    /\b(?:Fact|Theory|InlineData|SkippableFact)\([^\]]{0,200}\bSkip\s{0,4}=/,
    /\[(?:[^\]]{0,80}[ ,])?(?:Ignore|Explicit)(?:\(|\]|,)/,
    /\bAssert\.(?:Ignore|Inconclusive|Skip\w{0,10})\(|\bSkip\.(?:If|IfNot)\(|\bIgnore\s{0,4}=\s{0,4}"/,
    /^\s*if \(false\)|^\s*#if (?:false|FALSE|NEVER|DISABLED|0)\b/,
  ],
  skippedIf: [/\[(?:OSSkipCondition|ConditionalFact|Platform)\b/],
  focused: [/\[(?:FocusedFact|Focus)\b/],
  quieted: [
    /^\s*#pragma warning disable\b|^\s*#nullable disable\b/,
    /\[(?:assembly: |module: )?(?:\w{1,20}\.){0,4}(?:SuppressMessage|ExcludeFromCodeCoverage|UnconditionalSuppressMessage)\b/,
    /\/\/ ?(?:ReSharper disable|NOSONAR|Stryker disable|csharpier-ignore)/,
  ],
  exits: [/\bEnvironment\.Exit\(\s{0,4}0\s{0,4}\)/],
  detectsTests: [
    /\bGetAssemblies\(\).{0,120}(?:xunit|nunit|mstest|[tT]est)/,
    /"(?:xunit|nunit|Microsoft\.VisualStudio\.TestPlatform|testhost)[\w.]{0,60}"/i,
    /\bEnvironment\.GetEnvironmentVariable\(\s{0,4}"(?:CI|GITHUB_ACTIONS|TEST|TESTING|IS_TEST|DOTNET_RUNNING_TESTS|VSTEST_\w{1,30})"/,
    /\bIsEnvironment\("Test/,
    /\bStackTrace\(\).{0,100}[tT]est/,
  ],
  swallows: [
    /\bcatch\s{0,4}\(\s{0,4}(?:\w{1,20}\.){0,3}(?:XunitException|AssertionException|AssertFailedException|EqualException)\b/,
    /\bcatch\s{0,4}(?:\([^)]{0,60}\)\s{0,4})?\{\s{0,4}(?:\/\/.{0,80}|\/\*.{0,80}\*\/\s{0,4})?\}/,
  ],
  catches: /\bcatch\b\s{0,4}(?:\([^)]{0,60}\)\s{0,4})?\{?\s*$/,
  nothing: /^\s*(?:\}|\{\s*\}?\s*$|\/\/|return;?\s*$|Console\.)/,
};
