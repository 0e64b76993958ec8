import type { Language } from "../language.ts";

/** JavaScript and TypeScript: jest, vitest, mocha, jasmine, ava, node:test, playwright, cypress. */
export const javascript: Language = {
  name: "javascript",
  path: /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/,
  testPath:
    /[._-](?:test|tests|spec|e2e|cy)\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|tests?|specs?|e2e|cypress)\/|(?:^|\/)tests?\.[cm]?[jt]sx?$/,
  comment: /^\s*(?:\/\/|\/\*|\*)/,
  test: /^\s*(?:x?it|x?test|fit|ftest|x?specify|Deno\.test)(?:\.\w{1,20}){0,4}(?:\(.{0,300}\)|`.{0,300}`)?\s{0,4}\(\s{0,4}(?:["'`](.{1,200}?)["'`]\s{0,4},)?/,
  assertion:
    /\bexpect\s{0,2}[(.]|\bexpect(?:Type)?Of\(|\bassert\w{0,40}\s{0,2}[(.]|\.should\b|\bshould\.|\bt\.(?:is|not|deepEqual|true|false|truthy|equal|ok|same|throws|like|snapshot|regex)\b|\b(?:check|verify|expect|assert)[A-Z]\w{0,60}\(/,
  exact:
    /\.(?:toBe|toEqual|toStrictEqual|toHaveLength|toHaveBeenCalledWith|toHaveBeenCalledTimes|toHaveBeenCalledOnceWith|toHaveBeenNthCalledWith|toHaveBeenLastCalledWith|toMatchInlineSnapshot|toMatchSnapshot|toHaveText|toHaveProperty|toHaveReturnedWith|toContainEqual|toContain|toMatch|equals?|eql|eq|is|same|strictEqual|deepEqual|deepStrictEqual|calledWith|lengthOf)\(|\.(?:toThrow|toThrowError|throws|rejects)\(\s{0,4}[^)\s]|[=!]==?/,
  weak: /\.(?:toBeTruthy|toBeFalsy|toBeDefined|toBeInstanceOf|toBeCloseTo|toBeGreaterThan\w{0,10}|toBeLessThan\w{0,10}|toBeTypeOf|toBeNull|toMatchObject|toBeOneOf|isOk|exists?|truthy|falsy|oneOf|not\.toBe\w{0,12}|not\.toEqual|notEqual|notStrictEqual|isDefined|least|most|above|below|within|closeTo|approximately|includes?|ok)\(|\.(?:toHaveBeenCalled|toThrow|toThrowError|called)\(\s{0,4}\)|\bexpect\.(?:any|anything|objectContaining|stringContaining|arrayContaining|stringMatching)\b|\.to\.(?:be\.ok|be\.true|be\.an?\b|exist)|\btypeof\b|>=|<=|\s[<>]\s|\bassert\([^=]{0,200}$/,
  trivial:
    /\bexpect\(\s{0,4}(true|false|1|0|null|undefined|"[^"]{0,40}"|'[^']{0,40}')\s{0,4}\)\.(?:toBe|toEqual|toStrictEqual|to\.(?:equal|be))[.(]\s{0,4}\1|\bexpect\(\s{0,4}(?:true|1)\s{0,4}\)\.to(?:BeTruthy|BeDefined|\.be\.true|\.be\.ok)|\bassert(?:\.ok|\.isTrue)?\(\s{0,4}(?:true|1)\s{0,4}[,)]|\bassert\.\w{0,20}[eE]qual\(\s{0,4}(true|1|0)\s{0,4},\s{0,4}\2\b|\bt\.(?:pass\(|true\(true)|\bexpect\.(?:anything|assertions\(0)/,
  skipped: [
    /\b(?:it|test|describe|suite|context|specify|bench|t)(?:\.\w{1,20}){0,3}\.(?:skip|fixme|failing|fails)\b/,
    /(?<![\w.])(?:xit|xtest|xdescribe|xspecify|xcontext)\b\s{0,4}[(.`]/,
    /(?<![\w.])pending\(\s{0,4}(?:\)|["'`])/,
    /\bthis\.skip\(/,
    /(?<![\w.])t\.skip\(|(?:ctx|context|task)\.skip\(/,
    /\{\s{0,4}(?:skip|todo):\s{0,4}(?:true|["'`])|^\s*(?:skip|todo): (?:true|["'`])/,
    /(?<![\w.])if \(\s{0,4}(?:false|0)\s{0,4}\)/,
    /(?<![\w.])if \(\s{0,4}!?process\.env\.(?:CI|GITHUB_ACTIONS)\b.{0,40}\)\s{0,4}\{?\s{0,4}return\b/,
    /\/\/ ?@vitest-(?:skip|ignore)/,
  ],
  skippedIf: [
    /\.(?:skipIf|runIf)\(/,
    /\?\s{0,4}(?:it|test|describe)\s{0,4}:\s{0,4}(?:it|test|describe)\.skip/,
  ],
  focused: [
    /\b(?:it|test|describe|suite|context|specify)(?:\.\w{1,20}){0,3}\.only\b/,
    /(?<![\w.])(?:fit|fdescribe|ftest|fcontext)\s{0,4}[(.`]/,
    /\{\s{0,4}only:\s{0,4}true/,
  ],
  quieted: [
    /\b(?:eslint|oxlint|tslint|biome|stylelint|standard|jshint)[:-](?:disable|ignore)/,
    /@ts-(?:ignore|expect-error|nocheck)\b/,
    /\$Flow(?:FixMe|IgnoreFixMe|ExpectedError)|@flow (?:off|none)|@noflow/,
    /\b(?:istanbul|c8|v8|node:coverage)\s{1,2}(?:ignore|disable)\b/,
    /\bprettier-ignore\b|\bdeno-(?:lint|fmt)-ignore|\bbiome-ignore\b/,
    /\bNOSONAR\b|Stryker disable/,
  ],
  exits: [
    /\bprocess\.exit\(\s{0,4}(?:0\s{0,4})?\)|\bDeno\.exit\(\s{0,4}0?\s{0,4}\)|\bprocess\.exitCode\s{0,4}=\s{0,4}0\b/,
  ],
  detectsTests: [
    /\bNODE_ENV["']?\]?\s{0,4}[!=]==?\s{0,4}["'`]test/,
    /["'`]test["'`]\s{0,4}[!=]==?\s{0,4}process\.env/,
    /\b(?:process\.env|import\.meta\.env)(?:\.|\[["'])(?:VITEST|JEST_WORKER_ID|MOCHA|PLAYWRIGHT|CYPRESS|TEST|TESTING|IS_TEST|CI|GITHUB_ACTIONS|NODE_TEST_CONTEXT)\b/,
    /\bimport\.meta\.vitest\b|\btypeof (?:jest|vi|describe|it|expect|jasmine|mocha)\b|\bglobalThis\.(?:jest|vi|describe|it|expect)\b|\bwindow\.Cypress\b/,
    /\bprocess\.argv.{0,60}(?:jest|vitest|mocha)/,
    /\.stack\b.{0,60}(?:jest|vitest|mocha|\.test\.|\.spec\.)/,
  ],
  swallows: [
    /\bcatch\s{0,4}(?:\([^)]{0,40}\)\s{0,4})?\{\s{0,4}(?:\/\/.{0,100}|\/\*.{0,100}\*\/\s{0,4})?(?:return;?\s{0,4})?\}/,
    /\.catch\(\s{0,4}(?:\(\s{0,4}\w{0,20}\s{0,4}\)|\w{1,20})\s{0,4}=>\s{0,4}(?:\{\s{0,4}\}|undefined|null|void 0)\s{0,4}\)/,
  ],
  catches: /\bcatch\s{0,4}(?:\([^)]{0,40}\)\s{0,4})?\{\s*$/,
  nothing: /^\s*(?:\}|\/\/|\/\*|return;?\s*$|console\.)/,
};
