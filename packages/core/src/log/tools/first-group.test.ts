import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Failure, fingerprint } from "../failure.ts";
import { logReader, type LogReading } from "../read-log.ts";

// Logs as runners of CI print them, most from the real tool run on a tiny project. Each failure is `tool kind | test | file:line | message`.
const cases: Record<string, { keeps: readonly string[]; failures: readonly string[] }> = {
  pytest: {
    keeps: [
      "pytest",
      "E       assert 31 == 30",
      "E       AssertionError: too many: 2.5",
      "test_cart.py:12: AssertionError",
      "FAILED test_cart.py::TestCart::test_total - assert 31 == 30",
      "FAILED test_cart.py::TestCart::test_each[2.5]",
      "ERROR test_cart.py::test_saved",
      "2 failed, 2 passed, 1 error in",
      "exit code 1",
    ],
    failures: [
      "pytest test | test_cart.py::test_saved | test_cart.py:7 | ConnectionError: no database on port 5432",
      "pytest test | test_cart.py::TestCart::test_total | test_cart.py:12 | assert 31 == 30",
      "pytest test | test_cart.py::TestCart::test_each[2.5] | test_cart.py:28 | AssertionError: too many: 2.5",
    ],
  },
  "pytest-collection": {
    keeps: [
      "ERROR collecting test_broken.py",
      "E   ModuleNotFoundError: No module named 'nothing_here'",
      "1 error in",
      "exit code 2",
    ],
    failures: [
      "pytest test | test_broken.py | test_broken.py | ModuleNotFoundError: No module named 'nothing_here'",
    ],
  },
  unittest: {
    keeps: [
      "ERROR: test_empty (test_cart.CartTest.test_empty)",
      "ValueError: no cart 7",
      "(n=2)",
      "AssertionError: 31 != 30 : wrong total",
      "line 4, in test_total",
      "FAILED (failures=2, errors=1)",
    ],
    failures: [
      "unittest test | test_empty (test_cart.CartTest.test_empty) | test_cart.py:6 | ValueError: no cart 7",
      "unittest test | test_sub (test_cart.CartTest.test_sub) (n=2) | test_cart.py:10 | AssertionError: False is not true",
      "unittest test | test_total (test_cart.CartTest.test_total) | test_cart.py:4 | AssertionError: 31 != 30 : wrong total",
    ],
  },
  jest: {
    keeps: [
      "FAIL j/cart.test.js",
      "● cart › adds up prices",
      "Expected: 30",
      "Received: 31",
      "j/cart.test.js:2:81",
      "● cart › keeps items",
      "TypeError: Cannot read properties of null",
      "Cannot find module './nowhere'",
      "Tests:       3 failed, 3 total",
      "exit code 1",
    ],
    failures: [
      "jest test | cart › adds up prices | j/cart.test.js:2 | expect(received).toBe(expected) // Object.is equality Expected: 30 Received: 31",
      "jest test | cart › keeps items | j/cart.test.js:2 | expect(received).toEqual(expected) // deep equality",
      "jest test | cart › throws | j/cart.test.js:2 | TypeError: Cannot read properties of null (reading 'reduce')",
      "jest build | Test suite failed to run | j/broken.test.js:1 | Cannot find module './nowhere' from 'j/broken.test.js'",
    ],
  },
  vitest: {
    keeps: [
      "FAIL  cart.test.ts > cart > adds up prices",
      "expected 31 to be 30",
      "cart.test.ts:2:70",
      "is slow",
      "Test timed out in 50ms",
      "Cannot find module './missing.ts'",
      "3 failed (3)",
    ],
    failures: [
      "vitest test | broken.test.ts | broken.test.ts:1 | Error: Cannot find module './missing.ts' imported from /__w/shop/shop/broken.test.ts",
      "vitest test | cart.test.ts > cart > adds up prices | cart.test.ts:2 | AssertionError: expected 31 to be 30 // Object.is equality - 30 + 31",
      "vitest test | cart.test.ts > cart > keeps items | cart.test.ts:2 | AssertionError: expected { a: [ 1, 2 ] } to deeply equal { a: [ 1, 3 ] }",
      "vitest test | cart.test.ts > cart > is slow | cart.test.ts:2 | TestTimeoutError: Test timed out in 50ms.",
    ],
  },
  mocha: {
    keeps: [
      "1) cart",
      "waits:",
      "Timeout of 20ms exceeded",
      "adds up prices:",
      "-31",
      "+30",
      "test/cart.js:2:88",
      "2 failing",
      "exit code 2",
    ],
    failures: [
      'mocha test | cart waits |  | Error: Timeout of 20ms exceeded. For async tests and hooks, ensure "done()" is called; if returning a Promise, ensure it resolves. (/home/ci/build/shop/shop/test/cart.js)',
      "mocha test | cart total adds up prices | test/cart.js:2 | AssertionError [ERR_ASSERTION]: Expected values to be strictly equal: -31 +30",
    ],
  },
  "node-test": {
    keeps: [
      "test at cart.test.mjs:2:26",
      "✖ adds up prices",
      "31 !== 30",
      "✖ keeps items",
      "ℹ fail 2",
      "exit code 1",
    ],
    failures: [
      "node:test test | adds up prices | cart.test.mjs:2 | AssertionError [ERR_ASSERTION]: Expected values to be strictly equal: 31 !== 30",
      "node:test test | keeps items | cart.test.mjs:2 | AssertionError [ERR_ASSERTION]: Expected values to be strictly deep-equal:",
    ],
  },
  tap: {
    keeps: [
      "not ok 1 - adds up prices",
      "cart.test.mjs:2:26",
      "31 !== 30",
      "not ok 3 - keeps items",
      "# fail 2",
    ],
    failures: [
      "node:test test | adds up prices | cart.test.mjs:2 | Expected values to be strictly equal: 31 !== 30 expected: 30 actual: 31",
      "node:test test | keeps items | cart.test.mjs:2 | Expected values to be strictly deep-equal:",
    ],
  },
  "cargo-test": {
    keeps: [
      "tests::adds",
      "panicked at src/lib.rs:6:17",
      "assertion `left == right` failed: wrong total",
      "left: 31",
      "right: 30",
      "index out of bounds: the len is 0",
      "called `Result::unwrap()` on an `Err` value",
      "test result: FAILED. 1 passed; 3 failed",
      "exit code 101",
    ],
    failures: [
      "cargo test test | tests::adds | src/lib.rs:6 | assertion `left == right` failed: wrong total left: 31 right: 30",
      "cargo test test | tests::empty | src/lib.rs:8 | index out of bounds: the len is 0 but the index is 0",
      'cargo test test | tests::unwraps | src/lib.rs:12 | called `Result::unwrap()` on an `Err` value: "gone"',
    ],
  },
  nextest: {
    keeps: [
      "shop::totals adds_up",
      "tests/totals.rs:7:5",
      "left: 31",
      "2 passed, 1 failed",
      "exit code 100",
    ],
    failures: [
      "cargo test test | shop::totals adds_up | tests/totals.rs:7 | assertion `left == right` failed left: 31 right: 30",
    ],
  },
  rustc: {
    keeps: [
      "error[E0308]: mismatched types",
      "src/lib.rs:1:53",
      "expected `&str`, found `usize`",
      "cannot find function `missing`",
      "unused variable: `y`",
      "src/lib.rs:3:18",
      "could not compile `shop` (lib) due to 3 previous errors",
    ],
    failures: [
      "rustc build |  | src/lib.rs:1 | error[E0308]: mismatched types",
      "rustc build |  | src/lib.rs:1 | error[E0425]: cannot find function `missing` in this scope",
      "rustc build |  | src/lib.rs:3 | error: unused variable: `y`",
    ],
  },
  tsc: {
    keeps: [
      "src/a.ts(1,7): error TS2322: Type 'string'",
      "src/a.ts(2,48): error TS2339",
      "npx tsc --noEmit",
      "exit code 2",
    ],
    failures: [
      "tsc type |  | src/a.ts:1 | error TS2322: Type 'string' is not assignable to type 'number'.",
      "tsc type |  | src/a.ts:2 | error TS2339: Property 'b' does not exist on type '{ a: string; }'.",
    ],
  },
  "tsc-pretty": {
    keeps: [
      "src/a.ts:1:7 - error TS2322",
      "src/a.ts:2:48 - error TS2339",
      "Found 2 errors in the same file",
      "> tsc --noEmit --pretty",
    ],
    failures: [
      "tsc type |  | src/a.ts:1 | error TS2322: Type 'string' is not assignable to type 'number'.",
      "tsc type |  | src/a.ts:2 | error TS2339: Property 'b' does not exist on type '{ a: string; }'.",
    ],
  },
  eslint: {
    keeps: [
      "/src/b.js",
      "'x' is assigned a value but never used",
      "eqeqeq",
      "/src/c.js",
      "Parsing error: Unexpected token ;",
      "4 problems (3 errors, 1 warning)",
    ],
    failures: [
      "eslint lint |  | src/b.js:1 | 'x' is assigned a value but never used no-unused-vars",
      "eslint lint |  | src/b.js:1 | Expected '===' and instead saw '==' eqeqeq",
      "eslint lint |  | src/c.js:1 | Parsing error: Unexpected token ;",
    ],
  },
  prettier: {
    keeps: [
      "[warn] src/b.js",
      "[error] src/c.js: SyntaxError: Unexpected token (1:9)",
      "[warn] src/a.ts",
      "Error occurred when checking code style",
      "npx prettier --check",
    ],
    failures: [
      "prettier format |  | src/b.js | [warn] src/b.js",
      "prettier format |  | src/c.js:1 | SyntaxError: Unexpected token",
      "prettier format |  | src/a.ts | [warn] src/a.ts",
    ],
  },
  mypy: {
    keeps: [
      "m.py:3: error: Incompatible return value type",
      "m.py:4: error: Argument 1",
      "Found 2 errors in 1 file",
    ],
    failures: [
      'mypy type |  | m.py:3 | Incompatible return value type (got "int", expected "str") [return-value]',
      'mypy type |  | m.py:4 | Argument 1 to "f" has incompatible type "str"; expected "int" [arg-type]',
    ],
  },
  pyright: {
    keeps: ["shop/cart.py:14:12 - error", "reportReturnType", "1 error, 1 warning"],
    failures: [
      'pyright type |  | shop/cart.py:14 | Type "int" is not assignable to return type "str"',
    ],
  },
  ruff: {
    keeps: [
      "I001 [*] Import block",
      "F401 [*] `os` imported but unused",
      "m.py:1:8",
      "Found 2 errors.",
    ],
    failures: [
      "ruff lint |  | m.py:1 | I001 [*] Import block is un-sorted or un-formatted",
      "ruff lint |  | m.py:1 | F401 [*] `os` imported but unused",
    ],
  },
  "ruff-concise": {
    keeps: ["m.py:1:8: F401", "m.py:1:1: I001", "Found 2 errors."],
    failures: [
      "ruff lint |  | m.py:1 | I001 [*] Import block is un-sorted or un-formatted",
      "ruff lint |  | m.py:1 | F401 [*] `os` imported but unused",
    ],
  },
  "ruff-format": {
    keeps: [
      "m.py:2:1",
      "unformatted: File would be reformatted",
      "Would reformat: shop/cart.py",
      "1 file would be reformatted",
    ],
    failures: [
      "ruff format |  | m.py:2 | File would be reformatted",
      "ruff format |  | shop/cart.py | Would reformat: shop/cart.py",
    ],
  },
  pip: {
    keeps: [
      "Could not find a version that satisfies the requirement shop-prices==9",
      "No matching distribution found",
      "pip install -r requirements.txt",
    ],
    failures: [
      "pip dependency |  |  | Could not find a version that satisfies the requirement shop-prices==9 (from versions: 1.0, 1.1)",
      "pip dependency |  |  | No matching distribution found for shop-prices==9",
    ],
  },
  "pip-build": {
    keeps: [
      "Building wheel for fastcart (pyproject.toml) did not run successfully",
      "src/sum.c:3:10: fatal error: cart.h: No such file or directory",
      "error: command '/usr/bin/gcc' failed with exit code 1",
    ],
    failures: [
      "pip dependency |  |  | Building wheel for fastcart (pyproject.toml) did not run successfully.",
    ],
  },
  npm: {
    keeps: [
      "ERESOLVE unable to resolve dependency tree",
      "Found: react@18.0.0",
      'peer react@"17.0.0" from react-dom@17.0.0',
      "npm ci",
    ],
    failures: [
      'npm dependency |  |  | ERESOLVE While resolving: js@1.0.0 Found: react@18.0.0 Could not resolve dependency: peer react@"17.0.0" from react-dom@17.0.0',
    ],
  },
  "npm-script": {
    keeps: ['Missing script: "nothing"', "npm run lnit"],
    failures: ['npm command |  |  | Missing script: "nothing"'],
  },
  "npm-lock": {
    keeps: [
      "code EUSAGE",
      "can only install packages when your package.json and package-lock.json",
      "Missing: left-pad@1.3.0 from lock file",
    ],
    failures: [
      "npm dependency |  |  | EUSAGE `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing. Missing: left-pad@1.3.0 from lock file",
    ],
  },
  pnpm: {
    keeps: [
      "ERR_PNPM_OUTDATED_LOCKFILE",
      "is not up to date with packages/cart/package.json",
      "don't match specs in package.json",
    ],
    failures: [
      'npm dependency |  |  | ERR_PNPM_OUTDATED_LOCKFILE Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with packages/cart/package.json',
    ],
  },
  yarn: {
    keeps: ["YN0028", "The lockfile would have been modified", "Failed with errors"],
    failures: [
      "npm dependency |  |  | YN0028: │ The lockfile would have been modified by this install, which is explicitly forbidden.",
    ],
  },
  "pnpm-recursive": {
    keeps: [
      "src/cart.test.ts > cart > rounds down",
      "expected 1.5 to be 1",
      "src/cart.test.ts:9:20",
      "1 failed | 3 passed (4)",
      "ELIFECYCLE",
    ],
    failures: [
      "vitest test | src/cart.test.ts > cart > rounds down | src/cart.test.ts:9 | AssertionError: expected 1.5 to be 1 // Object.is equality - 1 + 1.5",
    ],
  },
  docker: {
    keeps: [
      "[build 5/6] RUN npm run build",
      "src/index.ts: cannot find entry point",
      "exit code: 3",
      "Dockerfile:11",
      ">>> RUN npm run build",
    ],
    failures: [
      'docker build |  | Dockerfile:11 | process "/bin/sh -c npm run build" did not complete successfully: exit code: 3',
    ],
  },
  "docker-parse": {
    keeps: [
      "dockerfile parse error on line 3: unknown instruction: RUNN",
      ">>> RUNN npm ci",
      "Dockerfile:3",
    ],
    failures: [
      "docker build |  |  | dockerfile parse error on line 3: unknown instruction: RUNN (did you mean RUN?)",
    ],
  },
  segfault: {
    keeps: ["Segmentation fault", "./build/shop --check 7", "exit code 139"],
    failures: ["process crash |  |  | Segmentation fault (core dumped) ./build/shop --check 7"],
  },
  "out-of-memory": {
    keeps: ["JavaScript heap out of memory", "> webpack", "exit code 134"],
    failures: [
      "process out_of_memory |  |  | FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      "process crash |  |  | Aborted (core dumped)",
    ],
  },
  killed: {
    keeps: ["Killed                  python train.py", "exit code 137"],
    failures: [
      "process out_of_memory |  |  | Killed python train.py",
      "process out_of_memory |  |  | Process completed with exit code 137.",
    ],
  },
  timeout: {
    keeps: [
      "has exceeded the maximum execution time of 30 minutes",
      "waiting for the shop to open",
      "The operation was canceled",
    ],
    failures: [
      "process timeout |  |  | The job running on runner GitHub Actions 12 has exceeded the maximum execution time of 30 minutes.",
    ],
  },
  shell: {
    keeps: ["+ shopctl migrate --env ci", "./ci.sh: line 7: shopctl: command not found"],
    failures: ["shell command |  |  | shopctl: command not found"],
  },
  "script-http": {
    keeps: ["The requested URL returned error: 403", "publishing shop 1.4.0", "exit code 22"],
    failures: ["shell command |  |  | curl: (22) The requested URL returned error: 403"],
  },
  "python-script": {
    keeps: [
      'seed.py", line 12, in main',
      "FileNotFoundError: [Errno 2] No such file or directory: 'prices.csv'",
      "python scripts/seed.py",
    ],
    failures: [
      "python crash |  | scripts/seed.py:31 | FileNotFoundError: [Errno 2] No such file or directory: 'prices.csv'",
    ],
  },
};

describe.each(Object.entries(cases))("the log of %s", (name, { keeps, failures }) => {
  const text = readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url), "utf8");

  test("gives exactly its failures", () => {
    expect(read(text).failures.map(asLine)).toEqual(failures);
  });

  test("keeps what a fixer needs in 1,500 characters", () => {
    const excerpt = read(text).excerpt(1_500);
    expect(excerpt.length).toBeLessThanOrEqual(1_500);
    for (const kept of keeps) expect(excerpt).toContain(kept);
  });

  test("has the same fingerprints in another run on other lines", () => {
    const again = anotherRun(text);
    expect(again).not.toBe(text);
    expect(marks(again)).toEqual(marks(text));
  });

  test("has the same failures behind other steps and noise", () => {
    const noise =
      "##[group]Run make lint\n##[endgroup]\nerror: none of this matters\nall is well\n";
    expect(marks(noise + text)).toEqual(marks(text));
  });
});

test("no two of all these failures have the same fingerprint unless they are the same", () => {
  const byMark = new Map<string, string>();
  for (const name of Object.keys(cases)) {
    const text = readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url), "utf8");
    for (const failure of read(text).failures) {
      const { tool, kind, test: of, file, message } = failure;
      const identity = JSON.stringify([tool, kind, of, file, message]);
      expect(byMark.get(fingerprint(failure)) ?? identity).toBe(identity);
      byMark.set(fingerprint(failure), identity);
    }
  }
  expect(byMark.size).toBeGreaterThan(40);
});

test("every fixture belongs to a case here or to the second group", () => {
  const other = readFileSync(new URL("second-group.test.ts", import.meta.url), "utf8");
  const orphans = readdirSync(new URL("../fixtures", import.meta.url))
    .map((file) => file.replace(/\.txt$/, ""))
    .filter((name) => !(name in cases) && !other.includes(name));
  expect(orphans).toEqual([]);
});

function read(log: string): LogReading {
  const reader = logReader();
  reader.push(log);
  return reader.end();
}

function marks(log: string): string[] {
  return read(log).failures.map(fingerprint);
}

function asLine({ tool, kind, test: of = "", file = "", line, message }: Failure): string {
  return [`${tool} ${kind}`, of, line === undefined ? file : `${file}:${line}`, message].join(
    " | ",
  );
}

/** What changes from run to run though the same things fail: times, lines, process ids. */
function anotherRun(log: string): string {
  return `another run\n${log}`
    .replaceAll(/^2026-11-20T09:/gm, "2026-11-21T21:")
    .replaceAll(
      /(\d+)\.(\d+)(m?s\b)/g,
      (_, whole, part, unit) => `${Number(whole) + 3}.${part}${unit}`,
    )
    .replaceAll(
      /(\.\w{1,3}|Dockerfile)(:|\(|", line |:)(\d+)/g,
      (_, file, to, line) => `${file}${to}${Number(line) + 11}`,
    )
    .replaceAll(
      /^( +)(\d+)(:\d+ +error)/gm,
      (_, indent, line, rest) => `${indent}${Number(line) + 11}${rest}`,
    )
    .replaceAll(/0x[0-9a-f]{4,}/g, "0x7fffabcdef12")
    .replaceAll(/\((\d{4,5})\)|(line \d+: +)(\d{4})/g, (_, pid, head, other) =>
      pid === undefined ? `${head}${Number(other) + 99}` : `(${Number(pid) + 99})`,
    )
    .replaceAll("/__w/shop/shop/", "/__w/other/other/")
    .replaceAll("Post job cleanup.", "Post job cleanup.\nanother time");
}
