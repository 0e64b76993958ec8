import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fingerprint, type Failure } from "../failure.ts";
import { logReader, type LogReading } from "../read-log.ts";
import { tools } from "./index.ts";

// Logs as runners of CI print them, most from the real tool run on a tiny project. Each finding is `tool kind | test | file:line | message`.
const cases: readonly { log: string; keeps: readonly string[]; failures: readonly string[] }[] = [
  {
    log: "go-test",
    keeps: [
      "go test -race ./...",
      "TestCartTotal/two_items_with_discount",
      "cart_test.go:41: Total() = 1890, want 1800",
      "TestCartTotal/empty",
      "expected: 0",
      "actual  : -1",
      "checkout_test.go:27: pay: context deadline exceeded",
      "panic: assignment to entry in nil map",
      "store.go:22",
      "FAIL\texample.com/shop/internal/stock",
      "exit code 1",
    ],
    failures: [
      "go test | TestCartTotal/two_items_with_discount | cart_test.go:41 | Total() = 1890, want 1800",
      "go test | TestCartTotal/empty | cart_test.go:48 | Not equal: expected: 0 actual : -1",
      "go test | TestCheckout | checkout_test.go:27 | pay: context deadline exceeded",
      "go test | TestStoreAdd | internal/stock/store.go:22 | assignment to entry in nil map",
    ],
  },
  {
    log: "go-test-v",
    keeps: [
      "calc_test.go:14: reply after 3 tries",
      "--- FAIL: TestLate",
      "calc_test.go:8: Add(1, 2) = -1, want 3",
      "--- FAIL: TestAdd/small_numbers",
      "FAIL\texample.com/shop/calc",
    ],
    failures: [
      "go test | TestLate | calc_test.go:14 | reply after 3 tries",
      "go test | TestAdd | calc_test.go:8 | Add(1, 2) = -1, want 3",
      "go test | TestAdd/small_numbers |  | --- FAIL: TestAdd/small_numbers (0.00s)",
    ],
  },
  {
    log: "go-build",
    keeps: [
      'broken.go:4:2: "os" imported and not used',
      "broken.go:9:9: undefined: priceOf",
      "broken.go:13:26: cannot use 3",
      "report.go:31:2: fmt.Printf format %d",
      "no required module provides package example.com/gone/pkg",
      "test timed out after 1m0s",
      "TestWait (59s)",
      "[build failed]",
      "exit code 2",
    ],
    failures: [
      'go build |  | internal/broken/broken.go:4 | "os" imported and not used',
      "go build |  | internal/broken/broken.go:9 | undefined: priceOf",
      "go build |  | internal/broken/broken.go:13 | cannot use 3 (untyped int constant) as string value in return statement",
      "go build |  | internal/report/report.go:31 | fmt.Printf format %d has arg name of wrong type string",
      "go dependency |  |  | example.com/gone/pkg: no required module provides package example.com/gone/pkg; to add it:",
      "go timeout | TestWait |  | test timed out after 1m0s",
    ],
  },
  {
    log: "gradle",
    keeps: [
      "Price.kt:17:25 Unresolved reference: roundHalfUp",
      "CartTest > addsUp() FAILED",
      "expected: <1800> but was: <1890>",
      "CartTest.java:41",
      'StockTest > removes an item that is [2] "pen", 3 FAILED',
      "NullPointerException",
      "Stock.java:22",
      "58 tests completed, 2 failed",
      "> Task :lib:compileKotlin FAILED",
      "BUILD FAILED",
    ],
    failures: [
      "gradle build |  | lib/src/main/kotlin/shop/Price.kt:17 | Unresolved reference: roundHalfUp",
      "gradle test | CartTest > addsUp() | CartTest.java:41 | org.opentest4j.AssertionFailedError: expected: <1800> but was: <1890>",
      'gradle test | com.example.shop.StockTest > removes an item that is [2] "pen", 3 | Stock.java:22 | java.lang.NullPointerException: Cannot invoke "java.util.Map.get(Object)" because "this.items" is null',
    ],
  },
  {
    log: "javac",
    keeps: [
      "Cart.java:63: error: cannot find symbol",
      "symbol:   method roundHalfUp(long)",
      "Stock.java:12: error: Stock is not abstract",
      "2 errors",
    ],
    failures: [
      "javac build |  | src/main/java/com/example/shop/Cart.java:63 | cannot find symbol",
      "javac build |  | src/main/java/com/example/shop/Stock.java:12 | Stock is not abstract and does not override abstract method close() in AutoCloseable",
    ],
  },
  {
    log: "maven",
    keeps: [
      "com.example.shop.CartTest.addsUp",
      "expected: <1800> but was: <1890>",
      "CartTest.java:41",
      "com.example.shop.CartTest.removes",
      "IllegalStateException: cart is closed",
      "Cart.java:63",
      "Tests run: 19, Failures: 1, Errors: 1",
      "BUILD FAILURE",
    ],
    failures: [
      "maven test | com.example.shop.CartTest.addsUp | CartTest.java:41 | org.opentest4j.AssertionFailedError: expected: <1800> but was: <1890>",
      "maven test | com.example.shop.CartTest.removes | Cart.java:63 | java.lang.IllegalStateException: cart is closed",
    ],
  },
  {
    log: "maven-compile",
    keeps: [
      "Cart.java:[63,17] cannot find symbol",
      "method roundHalfUp(long)",
      "Stock.java:[12,8]",
      "BUILD FAILURE",
    ],
    failures: [
      "maven build |  | src/main/java/com/example/shop/Cart.java:63 | cannot find symbol",
      "maven build |  | src/main/java/com/example/shop/Stock.java:12 | com.example.shop.Stock is not abstract and does not override abstract method close() in java.lang.AutoCloseable",
    ],
  },
  {
    log: "junit-console",
    keeps: [
      "CartTest:addsUp()",
      "expected: <1800> but was: <1890>",
      "CartTest.java:41",
      "StockTest:removes()",
      "no such item: pen",
      "2 tests failed",
    ],
    failures: [
      "junit test | CartTest:addsUp() | CartTest.java:41 | org.opentest4j.AssertionFailedError: expected: <1800> but was: <1890>",
      "junit test | StockTest:removes() | Stock.java:22 | java.util.NoSuchElementException: no such item: pen",
    ],
  },
  {
    log: "dotnet",
    keeps: [
      "Shop.Tests.CartTests.AddsUp",
      "Assert.Equal() Failure",
      "Expected: 1800",
      "Actual:   1890",
      "CartTests.cs",
      'StockTests.Removes(name: "pen", count: 3)',
      "cart is closed",
      "Stock.cs:line 22",
      "Total tests: 19",
      "Failed: 2",
    ],
    failures: [
      "dotnet test | Shop.Tests.CartTests.AddsUp | test/Shop.Tests/CartTests.cs:41 | Assert.Equal() Failure: Values differ Expected: 1800 Actual: 1890",
      'dotnet test | Shop.Tests.StockTests.Removes(name: "pen", count: 3) | src/Shop/Stock.cs:22 | System.InvalidOperationException : cart is closed',
    ],
  },
  {
    log: "msbuild",
    keeps: [
      "Cart.cs(63,16): error CS0103",
      "RoundHalfUp",
      "Stock.cs(12,30): error CS0535",
      "exited with code 2",
      "NU1101: Unable to find package Shop.Themes",
      "Build FAILED",
      "4 Error(s)",
    ],
    failures: [
      "msbuild build |  | /src/src/Shop/Cart.cs:63 | CS0103: The name 'RoundHalfUp' does not exist in the current context",
      "msbuild build |  | /src/src/Shop/Stock.cs:12 | CS0535: 'Stock' does not implement interface member 'IDisposable.Dispose()'",
      'msbuild build |  | /usr/share/dotnet/sdk/8.0.302/Microsoft.Common.targets:1302 | MSB3073: The command "npm run build" exited with code 2.',
      "msbuild dependency |  | /src/src/Web/Web.csproj | NU1101: Unable to find package Shop.Themes. No packages exist with this id in source(s): nuget.org",
    ],
  },
  {
    log: "rspec",
    keeps: [
      "Cart#total adds up the prices",
      "expected: 1800",
      "got: 1890",
      "spec/cart_spec.rb:41",
      "Stock#take raises when the item is gone",
      'key not found: "pen"',
      "lib/stock.rb:22",
      "25 examples, 2 failures",
      "exit code 1",
    ],
    failures: [
      "rspec test | Cart#total adds up the prices | spec/cart_spec.rb:41 | expected: 1800 got: 1890",
      'rspec test | Stock#take raises when the item is gone | spec/stock_spec.rb:28 | key not found: "pen"',
    ],
  },
  {
    log: "minitest",
    keeps: [
      "CartTest#test_adds_up [test/cart_test.rb:41]",
      "Expected: 1800",
      "Actual: 1890",
      "StockTest#test_removes",
      'KeyError: key not found: "pen"',
      "lib/stock.rb:22",
      "12 runs, 13 assertions, 1 failures, 1 errors",
    ],
    failures: [
      "minitest test | CartTest#test_adds_up | test/cart_test.rb:41 | Expected: 1800 Actual: 1890",
      'minitest test | StockTest#test_removes | lib/stock.rb:22 | KeyError: key not found: "pen"',
    ],
  },
  {
    log: "rails-test",
    keeps: [
      "CartTest#test_adds_up [test/models/cart_test.rb:41]",
      "the total of two pens.",
      "Actual: 1890",
      "StockTest#test_removes",
      "KeyError",
      "app/models/stock.rb:22",
      "12 runs",
    ],
    failures: [
      "minitest test | CartTest#test_adds_up | test/models/cart_test.rb:41 | the total of two pens. Expected: 1800 Actual: 1890",
      'minitest test | StockTest#test_removes | app/models/stock.rb:22 | KeyError: key not found: "pen"',
    ],
  },
  {
    log: "phpunit",
    keeps: [
      "App\\Tests\\StockTest::testTake",
      "RuntimeException: no such item: pen",
      "src/Stock.php:22",
      'CartTest::testTotal with data set "two pens"',
      "Failed asserting that 1890 is identical to 1800.",
      "tests/CartTest.php:41",
      "+    0 => 'Pen'",
      "Tests: 14, Assertions: 21",
      "exit code 2",
    ],
    failures: [
      "phpunit test | App\\Tests\\StockTest::testTake | src/Stock.php:22 | RuntimeException: no such item: pen",
      'phpunit test | App\\Tests\\CartTest::testTotal with data set "two pens" (2, 900) | tests/CartTest.php:41 | Failed asserting that 1890 is identical to 1800.',
      "phpunit test | App\\Tests\\CartTest::testNames | tests/CartTest.php:52 | Failed asserting that two arrays are equal. - 0 => 'pen' + 0 => 'Pen'",
    ],
  },
  {
    log: "php",
    keeps: [
      "Call to undefined function App\\round_half_up()",
      "src/Cart.php:63",
      "syntax error, unexpected token",
      "src/Stock.php",
      "Parameter #1 $name of method",
      "Found 2 errors",
    ],
    failures: [
      "php crash |  | /app/src/Cart.php:63 | Uncaught Error: Call to undefined function App\\round_half_up()",
      'php crash |  | /app/src/Bad.php:3 | syntax error, unexpected token "{", expecting variable',
      "phpstan type |  | src/Stock.php:22 | Parameter #1 $name of method App\\Stock::take() expects string, int given.",
      "phpstan type |  | src/Stock.php:30 | Undefined variable: $pens",
    ],
  },
  {
    log: "gtest",
    keeps: [
      "cart_test.cpp:41: Failure",
      "Which is: 1890",
      "[  FAILED  ] Cart.AddsUp",
      "no price for pen",
      "Cart.Throws",
      "Few/Price.Positive/0",
      "actual: 1 vs 1",
      "3 FAILED TESTS",
    ],
    failures: [
      "gtest test | Cart.AddsUp | test/cart_test.cpp:41 | cart.total() Which is: 1890 1800",
      'gtest test | Cart.Throws |  | C++ exception with description "no price for pen" thrown in the test body.',
      "gtest test | Few/Price.Positive/0 | test/price_test.cpp:17 | Expected: (GetParam()) > (1), actual: 1 vs 1",
    ],
  },
  {
    log: "ctest",
    keeps: [
      "cart_test",
      "cart.c:63: total: Assertion `sum == want' failed.",
      "***Exception: SegFault",
      "***Timeout",
      "Unable to find executable: gone",
      "4 tests failed out of 5",
      "exit code 8",
    ],
    failures: [
      "ctest test | cart_test |  | Failed",
      "cc crash |  | cart.c:63 | Assertion `sum == want' failed.",
      "ctest crash | parser |  | Exception: SegFault",
      "ctest timeout | slow_sync |  | Timeout",
      "ctest test | gone |  | Not Run",
    ],
  },
  {
    log: "playwright",
    keeps: [
      "e2e/cart.spec.ts:38:7 › cart › adds up the prices",
      'Expected: "18.00"',
      'Received: "18.90"',
      "cart.spec.ts:41:43",
      "takes the last pen",
      "Test timeout of 30000ms exceeded.",
      "2 failed",
      "1 flaky",
    ],
    failures: [
      'playwright test | cart › adds up the prices | e2e/cart.spec.ts:38 | Error: expect(locator).toHaveText(expected) failed Expected: "18.00" Received: "18.90"',
      "playwright test | takes the last pen | e2e/stock.spec.ts:12 | Test timeout of 30000ms exceeded.",
    ],
  },
  {
    log: "cypress",
    keeps: [
      "adds up the prices",
      "expected '<b#total>' to have text '18.00', but the text was '18.90'",
      "cypress/e2e/cart.cy.ts:41:21",
      "1 of 2 failed",
    ],
    failures: [
      "mocha test | cart adds up the prices |  | AssertionError: Timed out retrying after 4000ms: expected '<b#total>' to have text '18.00', but the text was '18.90' -'18.90' +'18.00'",
    ],
  },
  {
    log: "bun",
    keeps: [
      "cart > adds up",
      "expect(received).toBe(expected)",
      "Expected: 1800",
      "Received: 1890",
      "src/cart.test.ts:39:24",
      "error: no such item: pen",
      "(fail) stock > removes",
      "2 fail",
    ],
    failures: [
      "bun test | cart > adds up | src/cart.test.ts:39 | expect(received).toBe(expected) Expected: 1800 Received: 1890",
      "bun test | stock > removes | src/stock.ts:22 | no such item: pen",
    ],
  },
  {
    log: "deno",
    keeps: [
      "TS2322 [ERROR]: Type 'string' is not assignable",
      "src/tax.ts:17:9",
      "error[no-unused-vars]",
      "adds up => ./src/cart_test.ts:41:6",
      "Values are not equal.",
      "-   1890",
      "stock ... removes an item",
      "no such item: pen",
      "FAILED | 1 passed | 2 failed",
    ],
    failures: [
      "deno type |  | src/tax.ts:17 | TS2322 [ERROR]: Type 'string' is not assignable to type 'number'.",
      "deno lint |  | src/tax.ts:3 | error[no-unused-vars]: `rate` is never used",
      "deno test | adds up | src/cart_test.ts:41 | Values are not equal. - 1890 + 1800",
      "deno test | stock ... removes an item | src/cart_test.ts:52 | no such item: pen",
    ],
  },
  {
    log: "swift",
    keeps: [
      "CartTests.swift:41: error: -[ShopTests.CartTests testAddsUp]",
      '("1890") is not equal to ("1800")',
      "StockTests.testRemoves",
      "noSuchItem(pen)",
      "taxes are rounded",
      "TaxTests.swift:17:5",
      "Executed 12 tests, with 2 failures",
    ],
    failures: [
      'swift test | ShopTests.CartTests testAddsUp | Tests/ShopTests/CartTests.swift:41 | XCTAssertEqual failed: ("1890") is not equal to ("1800") - two pens',
      'swift test | StockTests.testRemoves | Tests/ShopTests/StockTests.swift:30 | failed: caught error: "noSuchItem(pen)"',
      'swift test | "taxes are rounded" | TaxTests.swift:17 | Expectation failed: (tax → 19) == 20',
    ],
  },
  {
    log: "xcodebuild",
    keeps: [
      "Cart.swift:63:16: error: cannot find 'roundHalfUp' in scope",
      "No profiles for 'com.example.shop'",
      "_sodium_init",
      "** TEST FAILED **",
      "exit code 65",
    ],
    failures: [
      "swift build |  | Shop/Cart.swift:63 | cannot find 'roundHalfUp' in scope",
      "swift build |  | Shop.xcodeproj | No profiles for 'com.example.shop' were found: Xcode couldn't find any iOS App Development provisioning profiles matching 'com.example.shop'. (in target 'Shop' from project 'Shop')",
      'cc build |  |  | "_sodium_init", referenced from:',
    ],
  },
  {
    log: "bazel",
    keeps: [
      "src/BUILD.bazel:12:11",
      "src/tax.cc:17:10: error: 'rate' was not declared",
      "//src:cart_test",
      "expected 1800, got 1890",
      "TIMEOUT: //src:sync_test",
      "no such package '@@themes//'",
      "FAILED TO BUILD",
      "Executed 3 out of 4 tests",
    ],
    failures: [
      "bazel build |  | src/BUILD.bazel:12 | Compiling src/tax.cc failed: (Exit 1)",
      "cc build |  | src/tax.cc:17 | 'rate' was not declared in this scope",
      "bazel test | //src:cart_test |  | FAIL",
      "bazel timeout | //src:sync_test |  | TIMEOUT",
      "bazel dependency |  |  | no such package '@@themes//': The repository '@@themes' could not be resolved",
      "bazel build | //src:tax_test |  | FAILED TO BUILD",
    ],
  },
  {
    log: "make",
    keeps: [
      "src/cart.cpp:63:12: error: ‘round_half_up’ was not declared",
      "cart.cpp:70:30: error: conversion",
      "src/tax.c:2:10: fatal error: tax_table.h",
      "make: *** [Makefile:101: all] Error 2",
      "exit code 2",
    ],
    failures: [
      "cc build |  | src/cart.cpp:63 | ‘round_half_up’ was not declared in this scope",
      "cc build |  | src/cart.cpp:70 | conversion from ‘int’ to non-scalar type ‘std::string’ requested",
      "cc build |  | src/tax.c:2 | tax_table.h: No such file or directory",
    ],
  },
  {
    log: "linker",
    keeps: [
      "undefined reference to `Cart::total() const'",
      "cannot find -lsodium",
      "multiple definition of `Stock::instance'",
      "ninja: build stopped",
      "No rule to make target 'docs'",
    ],
    failures: [
      "cc build |  | main.cpp | undefined reference to `Cart::total() const'",
      "cc build |  |  | cannot find -lsodium: No such file or directory",
      "cc build |  | stock.o | multiple definition of `Stock::instance'; main.o:main.cpp:(.bss+0x0): first defined here",
      "make build |  |  | No rule to make target 'docs', needed by 'all'",
    ],
  },
  {
    log: "cmake",
    keeps: [
      "CMake Error at cmake/deps.cmake:14 (find_package)",
      "FindSodium.cmake",
      'shop/docs" does not exist',
      "Configuring incomplete",
    ],
    failures: [
      'cmake build |  | cmake/deps.cmake:14 | By not providing "FindSodium.cmake" in CMAKE_MODULE_PATH this project has',
      'cmake build |  |  | The source directory "/home/ci/build/shop/shop/docs" does not exist.',
    ],
  },
  {
    log: "clippy",
    keeps: [
      "unneeded `return` statement",
      "src/cart.rs:63:5",
      "length comparison to zero",
      "src/stock.rs:22:8",
      "could not compile `shop`",
    ],
    failures: [
      "rustc build |  | src/cart.rs:63 | error: unneeded `return` statement",
      "rustc build |  | src/stock.rs:22 | error: length comparison to zero",
    ],
  },
  {
    log: "rustfmt",
    keeps: ["src/cart.rs:61", "items.iter().sum::<i64>() + 1", "src/stock.rs at line 3"],
    failures: [
      "rustfmt format |  | src/cart.rs:61 | Diff in",
      "rustfmt format |  | src/stock.rs:3 | Diff in",
    ],
  },
  {
    log: "golangci-lint",
    keeps: [
      "internal/cart/cart.go:63:15: Error return value of `f.Close` is not checked (errcheck)",
      "stock.go:22:2: ineffectual assignment to err",
      "2 issues:",
    ],
    failures: [
      "golangci-lint lint |  | internal/cart/cart.go:63 | Error return value of `f.Close` is not checked (errcheck)",
      "golangci-lint lint |  | internal/stock/stock.go:22 | ineffectual assignment to err (ineffassign)",
    ],
  },
  {
    log: "pre-commit",
    keeps: [
      "fix end of files",
      "- hook id: end-of-file-fixer",
      "Fixing docs/readme.md",
      "- hook id: black",
      "reformatted shop/cart.py",
      "docs/guide.md:12: teh ==> the",
      "pre-commit hook(s) made changes",
      "exit code 1",
    ],
    failures: [
      "pre-commit lint |  |  | fix end of files",
      "pre-commit lint |  |  | black",
      "pre-commit lint |  |  | codespell",
      "codespell lint |  | docs/guide.md:12 | teh ==> the",
    ],
  },
  {
    log: "python-format",
    keeps: [
      "cannot format",
      "bad.py: Cannot parse: 1:6: def f(:",
      "shop/cart.py",
      "tests/test_cart.py",
      "2 files would be reformatted",
      "shop/stock.py Imports are incorrectly sorted",
    ],
    failures: [
      "black format |  | shop/bad.py | Cannot parse: 1:6: def f(:",
      "black format |  | shop/cart.py | would reformat",
      "black format |  | tests/test_cart.py | would reformat",
      "isort format |  | shop/stock.py | Imports are incorrectly sorted and/or formatted.",
    ],
  },
  {
    log: "flake8",
    keeps: [
      "shop/cart.py:1:1: F401 'os' imported but unused",
      "cart.py:63:12: F821 undefined name 'round_half_up'",
      "E999 SyntaxError",
    ],
    failures: [
      "ruff lint |  | shop/cart.py:1 | F401 'os' imported but unused",
      "ruff lint |  | shop/cart.py:63 | F821 undefined name 'round_half_up'",
      "ruff lint |  | shop/stock.py:1 | E999 SyntaxError: invalid syntax",
    ],
  },
  {
    log: "pylint",
    keeps: ["shop/tax.py:22:0: C0116", "E0602: Undefined variable 'rate'", "rated at 7.50/10"],
    failures: [
      "pylint lint |  | shop/tax.py:22 | C0116: Missing function or method docstring (missing-function-docstring)",
      "pylint lint |  | shop/tax.py:30 | E0602: Undefined variable 'rate' (undefined-variable)",
    ],
  },
  {
    log: "rubocop",
    keeps: [
      "lib/cart.rb:63:5: C: [Correctable] Style/RedundantReturn",
      "lib/stock.rb:22:9: W: Lint/UselessAssignment",
      "lib/tax.rb:3:1: E: Lint/Syntax",
      "3 offenses detected",
    ],
    failures: [
      "rubocop lint |  | lib/cart.rb:63 | Style/RedundantReturn: Redundant return detected.",
      "rubocop lint |  | lib/stock.rb:22 | Lint/UselessAssignment: Useless assignment to variable - item.",
      "rubocop lint |  | lib/tax.rb:3 | Lint/Syntax: unexpected token kEND",
    ],
  },
  {
    log: "shellcheck",
    keeps: [
      "In scripts/deploy.sh line 12:",
      "SC2164",
      "SC2086",
      "In scripts/build.sh line 4:",
      "SC1046 (error): Couldn't find 'fi'",
    ],
    failures: [
      "shellcheck lint |  | scripts/deploy.sh:12 | SC2164 (warning): Use 'cd ... || exit' or 'cd ... || return' in case cd fails.",
      "shellcheck lint |  | scripts/deploy.sh:12 | SC2086 (info): Double quote to prevent globbing and word splitting.",
      "shellcheck lint |  | scripts/build.sh:4 | SC1046 (error): Couldn't find 'fi' for this 'if'.",
    ],
  },
  {
    log: "line-linters",
    keeps: [
      '.github/workflows/ci.yml:14:23: property "matrx" is not defined',
      "ci.yml:22:9",
      "Dockerfile:3 DL3008",
      "Dockerfile:9 DL4006",
      "k8s/svc.yaml",
      "line too long (94 > 80 characters)",
      "scripts/build.sh:4:1: error: Couldn't find 'fi'",
      "docs/guide.md:12:81 MD013",
    ],
    failures: [
      'actionlint lint |  | .github/workflows/ci.yml:14 | property "matrx" is not defined in object type {os: string} [expression]',
      "actionlint lint |  | .github/workflows/ci.yml:22 | shellcheck reported issue in this script: SC2086:info:1:6: Double quote to prevent globbing and word splitting [shellcheck]",
      "hadolint lint |  | Dockerfile:3 | DL3008 warning: Pin versions in apt get install. Instead of `apt-get install <package>` use `apt-get install <package>=<version>`",
      "hadolint lint |  | Dockerfile:9 | DL4006 warning: Set the SHELL option -o pipefail before RUN with a pipe in it",
      "yamllint lint |  | k8s/svc.yaml:7 | line too long (94 > 80 characters) (line-length)",
      "shellcheck lint |  | scripts/deploy.sh:12 | Double quote to prevent globbing and word splitting. [SC2086]",
      "shellcheck lint |  | scripts/build.sh:4 | Couldn't find 'fi' for this 'if'. [SC1046]",
      "markdownlint lint |  | docs/guide.md:12 | MD013/line-length Line length [Expected: 80; Actual: 94]",
    ],
  },
  {
    log: "stylelint",
    keeps: ["src/cart.css", 'Unknown property "colr"', "Empty block", "3 problems (2 errors"],
    failures: [
      'stylelint lint |  | src/cart.css:4 | Unknown property "colr" property-no-unknown',
      "stylelint lint |  | src/cart.css:12 | Empty block block-no-empty",
    ],
  },
  {
    log: "biome",
    keeps: [
      "src/cart.ts:63:8 lint/suspicious/noDoubleEquals",
      "Using == may be unsafe",
      "src/tax.ts:17:1",
      "The rate variable is undeclared.",
      "src/stock.ts format",
      "Found 3 errors.",
    ],
    failures: [
      "biome lint |  | src/cart.ts:63 | Using == may be unsafe if you are relying on type coercion.",
      "biome lint |  | src/tax.ts:17 | The rate variable is undeclared.",
      "biome format |  | src/stock.ts | File content differs from formatting output",
    ],
  },
  {
    log: "oxlint",
    keeps: [
      "eslint(no-unused-vars): Variable 'rate' is declared but never used.",
      "src/tax.ts:17:7",
      "Found 1 warning and 1 error.",
    ],
    failures: [
      "oxlint lint |  | src/tax.ts:17 | eslint(no-unused-vars): Variable 'rate' is declared but never used.",
    ],
  },
  {
    log: "git",
    keeps: [
      "CONFLICT (content): Merge conflict in src/cart.ts",
      "src/old.ts deleted in HEAD",
      "patch failed: src/stock.ts:22",
      "[rejected]        main -> main (non-fast-forward)",
      "couldn't find remote ref refs/heads/release",
      "exit code 128",
    ],
    failures: [
      "git command |  | src/cart.ts | CONFLICT (content): Merge conflict in src/cart.ts",
      "git command |  | src/old.ts | CONFLICT (modify/delete): src/old.ts deleted in HEAD and modified in origin/main. Version origin/main of src/old.ts left in tree.",
      "git command |  | src/stock.ts:22 | patch failed",
      "git command |  |  | main -> main (non-fast-forward)",
      "git command |  |  | couldn't find remote ref refs/heads/release",
    ],
  },
  {
    log: "git-dirty",
    keeps: [
      "git diff --exit-code",
      "diff --git a/src/api.gen.ts",
      "+  currency: string;",
      "exit code 1",
    ],
    failures: [
      "git diff format |  | src/api.gen.ts | diff --git a/src/api.gen.ts b/src/api.gen.ts",
    ],
  },
  {
    log: "docs",
    keeps: [
      "docs/index.rst:6: CRITICAL",
      "No such file or directory: 'docs/missing.txt'",
      'docs/api.rst:8: ERROR: Unknown directive type "autoklass"',
      "shop.cart.Cart.total:3",
      "undefined label: 'nowhere'",
      "build finished with problems, 4 warnings",
    ],
    failures: [
      'sphinx build |  | docs/index.rst:6 | Problems with "include" directive path:',
      'sphinx build |  | docs/api.rst:8 | Unknown directive type "autoklass".',
      "sphinx build |  | shop/cart.py:3 | Unexpected indentation. [docutils]",
      "sphinx build |  | docs/guide.rst:14 | undefined label: 'nowhere' [ref.ref]",
    ],
  },
  {
    log: "mkdocs",
    keeps: [
      "'a.md' is included in the 'nav'",
      "'index.md' contains a link 'nope.md'",
      'The "search-plus" plugin is not installed',
      "Aborted with 2 warnings in strict mode",
    ],
    failures: [
      "mkdocs build |  |  | A reference to 'a.md' is included in the 'nav' configuration, which is not found in the documentation files.",
      "mkdocs build |  | index.md | Doc file 'index.md' contains a link 'nope.md', but the target is not found among documentation files.",
      "mkdocs build |  |  | Config value 'plugins': The \"search-plus\" plugin is not installed",
    ],
  },
  {
    log: "terraform",
    keeps: [
      "Error: Unsupported argument",
      "modules/bucket/main.tf line 14",
      'An argument named "acls" is not expected here',
      "Reference to undeclared input variable",
      "main.tf line 41",
      "Terraform exited with code 1",
    ],
    failures: [
      'terraform build |  | modules/bucket/main.tf:14 | Unsupported argument An argument named "acls" is not expected here. Did you mean "acl"?',
      'terraform build |  | main.tf:41 | Reference to undeclared input variable An input variable with the name "regoin" has not been declared.',
    ],
  },
  {
    log: "kubernetes",
    keeps: [
      "INSTALLATION FAILED: template: shop/templates/deploy.yaml:22:18",
      "templates/svc.yaml:7",
      "1 chart(s) failed",
      "Error from server (Forbidden)",
      'unknown field "prots"',
      'no matches for kind "CronJob"',
      "timed out waiting for the condition",
      "CrashLoopBackOff",
    ],
    failures: [
      'helm build |  | shop/templates/deploy.yaml:22 | INSTALLATION FAILED: template: shop/templates/deploy.yaml:22:18: executing "shop/templates/deploy.yaml" at <.Values.image.tag>: nil pointer evaluating interface {}.tag',
      "helm lint |  | shop/templates/svc.yaml:7 | templates/: parse error at (shop/templates/svc.yaml:7): unclosed action",
      'kubectl command |  | k8s/role.yaml | Error from server (Forbidden): error when creating "k8s/role.yaml": roles.rbac.authorization.k8s.io is forbidden',
      'kubectl command |  | k8s/svc.yaml | error validating "k8s/svc.yaml": error validating data: ValidationError(Service.spec): unknown field "prots" in io.k8s.api.core.v1.ServiceSpec',
      'kubectl command |  | k8s/cron.yaml | unable to recognize "k8s/cron.yaml": no matches for kind "CronJob" in version "batch/v1beta1"',
      "kubectl timeout |  |  | timed out waiting for the condition",
      "kubectl crash | shop |  | CrashLoopBackOff",
    ],
  },
  {
    log: "webpack",
    keeps: [
      "ERROR in ./src/index.ts 3:0-31",
      "Can't resolve './cart'",
      "ERROR in ./src/tax.ts 17:9",
      "Unexpected token (17:9)",
      "compiled with 2 errors",
    ],
    failures: [
      "webpack build |  | src/index.ts:3 | Module not found: Error: Can't resolve './cart' in '/home/ci/build/shop/shop/src'",
      "webpack build |  | src/tax.ts:17 | Module parse failed: Unexpected token",
    ],
  },
  {
    log: "vite",
    keeps: [
      "Could not resolve './cart' in src/main.ts",
      "src/main.ts:3:22",
      '"total" is not exported by "src/cart.ts"',
      "src/main.ts (4:9)",
    ],
    failures: [
      "vite build |  | src/main.ts:3 | [UNRESOLVED_IMPORT] Could not resolve './cart' in src/main.ts",
      'vite build |  | src/main.ts:4 | RollupError: "total" is not exported by "src/cart.ts", imported by "src/main.ts".',
    ],
  },
  {
    log: "esbuild",
    keeps: [
      'Could not resolve "./cart"',
      "src/main.ts:3:21",
      'Expected ";" but found "total"',
      "src/tax.ts:17:9",
      "1 warning and 2 errors",
    ],
    failures: [
      'esbuild build |  | src/main.ts:3 | Could not resolve "./cart"',
      'esbuild build |  | src/tax.ts:17 | Expected ";" but found "total"',
    ],
  },
  {
    log: "next",
    keeps: [
      "./app/cart/page.tsx:63:18",
      "Property 'totl' does not exist on type 'Cart'",
      "./app/stock/page.tsx",
      "Can't resolve '@/lib/stock'",
      'prerendering page "/about"',
      "exit code 1",
    ],
    failures: [
      "next type |  | app/cart/page.tsx:63 | Property 'totl' does not exist on type 'Cart'. Did you mean 'total'?",
      "next build |  | app/stock/page.tsx | Module not found: Can't resolve '@/lib/stock'",
      'next build |  |  | Error occurred prerendering page "/about"',
    ],
  },
  {
    log: "coverage",
    keeps: [
      "Required test coverage of 80% not reached",
      "total of 75 is less than fail-under=80",
      '"global" coverage threshold for branches (80%) not met: 61.11%',
      "does not meet threshold (90%) for src/cart.ts",
      "Line coverage (75.00%)",
      "lines covered ratio is 0.57",
    ],
    failures: [
      "coverage test |  |  | Required test coverage of 80% not reached",
      "coverage test |  |  | Coverage failure: total of 75 is less than fail-under",
      'coverage test |  |  | "global" coverage threshold for branches (80%) not met',
      'coverage test |  |  | "./src/cart.ts" coverage threshold for lines (90%) not met',
      "coverage test |  |  | Coverage for functions",
      "coverage test |  | src/cart.ts | Coverage for lines",
      "coverage test |  |  | Line coverage",
      "coverage test |  |  | Rule violated for bundle shop: lines covered ratio",
    ],
  },
];

describe.each(cases)("the log of $log", ({ log, keeps, failures }) => {
  const text = logOf(log);

  it("gives exactly its failures", () => {
    expect(found(text).map(asLine)).toEqual(failures);
  });

  it("keeps what a fixer needs in 1,500 characters", () => {
    const excerpt = read(text).excerpt(1_500);
    expect(excerpt.length).toBeLessThanOrEqual(1_500);
    expect(
      keeps.filter((wanted) => !excerpt.includes(wanted)),
      excerpt,
    ).toEqual([]);
  });

  it("has the same fingerprints in another run on other lines", () => {
    const other = anotherRun(text);
    expect(marks(other), JSON.stringify(found(other), null, 1)).toEqual(marks(text));
  });

  it("has other fingerprints where something else failed", () => {
    const old = new Map(found(text).map((failure) => [identity(failure), fingerprint(failure)]));
    const others = found(anotherFailure(text)).filter((failure) => !old.has(identity(failure)));
    expect(others.length).toBeGreaterThan(0);
    const known = new Set(old.values());
    expect(others.filter((failure) => known.has(fingerprint(failure)))).toEqual([]);
  });
});

it("gives no two failures of all these logs the same fingerprint", () => {
  const all = cases.flatMap(({ log }) => marks(logOf(log)));
  expect(new Set(all).size).toBe(all.length);
});

it("says nothing of a log in which every test passed", () => {
  const passing = [
    "ok  \texample.com/shop/tax\t0.002s",
    "--- PASS: TestAdd (0.00s)",
    "BUILD SUCCESSFUL in 3s",
    "[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in MoneyTest",
    "[INFO] BUILD SUCCESS",
    "Passed!  - Failed:     0, Passed:    19, Skipped:     0, Total:    19, Duration: 1 s",
    "25 examples, 0 failures",
    "12 runs, 13 assertions, 0 failures, 0 errors, 0 skips",
    "OK (14 tests, 21 assertions)",
    "100% tests passed, 0 tests failed out of 5",
    "[  PASSED  ] 6 tests.",
    "Executed 12 tests, with 0 failures (0 unexpected) in 0.214 (0.221) seconds",
    "  6 passed (41.2s)",
    "31 files inspected, no offenses detected",
    "Found 0 warnings and 0 errors.",
    "webpack 5.112.2 compiled successfully in 1244 ms",
    "build succeeded.",
    "Your code has been rated at 10.00/10",
    "Required test coverage of 80% reached. Total coverage: 91.00%",
  ];
  expect(found(passing.join("\n"))).toEqual([]);
});

it("does not take for its own what other programs print alike", () => {
  const others = [
    "ERROR - could not reach the broker, see https://example.com/help",
    "ERROR: Could not install packages, see https://example.com/help",
    "error: Failed to fetch: https://example.com/simple",
    "failed to connect after retries (3)",
    "12) sparrows",
    "[INFO] 3 errors in the cache were repaired",
  ];
  const mine = ["mkdocs", "bazel", "swift", "dotnet", "phpunit", "rspec", "maven"];
  expect(found(others.join("\n")).filter(({ tool }) => mine.includes(tool))).toEqual([]);
});

it("names only tools and logs that there are", () => {
  const known = new Set(tools.map(({ name }) => name));
  const told = new Set(cases.flatMap(({ failures }) => failures.map((line) => line.split(" ")[0])));
  expect([...told].filter((name) => name === undefined || !known.has(name))).toEqual([]);
  const logs = readdirSync(`${import.meta.dirname}/../fixtures`);
  expect(cases.filter(({ log }) => !logs.includes(`${log}.txt`))).toEqual([]);
});

function logOf(name: string): string {
  return readFileSync(`${import.meta.dirname}/../fixtures/${name}.txt`, "utf8");
}

function read(text: string): LogReading {
  const reader = logReader();
  reader.push(text);
  return reader.end();
}

// Guesses of the tools that know no format are not what is tested here.
const guesses = new Set(tools.filter((tool) => tool.isFallback === true).map(({ name }) => name));
function isFound({ tool }: Failure): boolean {
  return !guesses.has(tool) || tool === "git diff";
}

function asLine({ tool, kind, test = "", file = "", line, message }: Failure): string {
  return [`${tool} ${kind}`, test, line === undefined ? file : `${file}:${line}`, message].join(
    " | ",
  );
}

function found(text: string): Failure[] {
  return read(text).failures.filter(isFound);
}

function marks(text: string): string[] {
  return found(text).map(fingerprint);
}

function identity({ test, file, message }: Failure): string {
  return JSON.stringify([test, file, message]);
}

/** What changes from run to run though the same things fail: times, lines, ids, seeds. */
function anotherRun(text: string): string {
  return text
    .replaceAll(/^2026-11-20T09:(\d\d):/gm, "2026-11-21T21:$1:")
    .replaceAll("2026-11-20", "2026-11-22")
    .replaceAll(/\b09:14:\d\d\b/g, "17:45:08")
    .replaceAll(
      /\b(\d+)\.(\d+)( ?(?:s|ms|sec|seconds)\b)/g,
      (_, whole, part, unit) => `${Number(whole) + 3}.${part}${unit}`,
    )
    .replaceAll(
      /(\.\w+|BUILD\.bazel|Dockerfile)(:\[?| \(|\(| line |:line | on line | at line )(\d+)/g,
      (_, file, to, line) => `${file}${to}${Number(line) + 11}`,
    )
    .replaceAll(
      /^( {2,5}| +)(\d+)(:\d+ +(?:✖|error|warning))/gm,
      (_, indent, line, rest) => `${indent}${Number(line) + 11}${rest}`,
    )
    .replaceAll(
      /(\.\w+) (\d+)(:\d+(?:-\d+)?)$/gm,
      (_, file, line, rest) => `${file} ${Number(line) + 11}${rest}`,
    )
    .replaceAll(/\((\d+)(:\d+\))/g, (_, line, rest) => `(${Number(line) + 11}${rest}`)
    .replaceAll(/\b(seed )(\d+)/g, "$177777")
    .replaceAll("7e9f1a", "c03d2b")
    .replaceAll(/0x[0-9a-f]{4,}/g, "0xabcdef12")
    .replaceAll("6d5f7c9b8d-x2k4q", "5b8c9d7f6d-q4k2x");
}

/** The same kinds of failures of other things. */
function anotherFailure(text: string): string {
  const words: readonly (readonly [string, string])[] = [
    ["cart", "basket"],
    ["Cart", "Basket"],
    ["stock", "store"],
    ["Stock", "Store"],
    ["tax", "duty"],
    ["Tax", "Duty"],
    ["pen", "ink"],
    ["1890", "1777"],
    ["rate", "fee"],
    ["broken", "novel"],
    ["Sodium", "Natrium"],
    ["nope", "none"],
    ["api", "abi"],
    ["readme", "about"],
    ["Add", "Sum"],
    ["black", "blue"],
    ["deploy", "ship"],
    ["bucket", "pail"],
    ["price", "cost"],
    ["Price", "Cost"],
  ];
  return words.reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
}
