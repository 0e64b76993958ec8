import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fileKinds } from "./file-kinds.ts";
import { findTampering } from "./find-tampering.ts";
import { Finding } from "./finding.ts";
import { languages } from "./languages/index.ts";
import { defaultTamperPolicy, TamperPolicy } from "./policy.ts";
import { tamperRules } from "./rules/index.ts";

const plain = { policy: defaultTamperPolicy, allowed: [] };
const added = (path: string, ...lines: string[]): string => addedFile(path, lines);
const addedFile = (path: string, lines: readonly string[]): string =>
  [
    `diff --git a/${path} b/${path}`,
    "new file mode 100644",
    "--- /dev/null",
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    "",
  ].join("\n");

it("says which rule, where, and what stands there", () => {
  expect(
    findTampering(
      added("a/test_x.py", "import pytest", "@pytest.mark.skip", "def test_x():"),
      plain,
    ),
  ).toEqual([
    {
      rule: "tests_skipped",
      file: "a/test_x.py",
      line: 2,
      evidence: "@pytest.mark.skip",
      verdict: "undo",
    },
  ]);
});

it("follows the policy, and what a person let through", () => {
  const diff = added("x.test.ts", "it.only('x', () => {});");
  const verdict = (policy: unknown, allowed: string[]) =>
    findTampering(diff, { policy: TamperPolicy.parse(policy), allowed })[0]?.verdict;
  expect(verdict({ tests_focused: "hold" }, [])).toBe("hold");
  expect(verdict({ tests_focused: "allow" }, [])).toBe("allow");
  expect(verdict({ tests_focused: "hold" }, ["tests_focused"])).toBe("allow");
  expect(verdict({}, ["tests_skipped"])).toBe("undo");
});

it("refuses rules that it does not know, and verdicts too", () => {
  expect(() => TamperPolicy.parse({ tests_skiped: "allow" })).toThrow(/tests_skiped/);
  expect(() => TamperPolicy.parse({ tests_skipped: "off" })).toThrow(/allow, undo or hold/);
});

it("keeps people away from protected paths, also by renaming", () => {
  const policy = TamperPolicy.parse({ protected_paths: ["db/**"] });
  const moved =
    "diff --git a/db/x.sql b/x.sql\nsimilarity index 100%\nrename from db/x.sql\nrename to x.sql\n";
  for (const diff of [added("db/y.sql", "select 1"), moved])
    expect(findTampering(diff, { policy, allowed: [] })).toMatchObject([
      { rule: "protected_path_changed", verdict: "hold" },
    ]);
});

it("shows no secret, and finds known values", () => {
  const key = "AKIAIOSFODNN7EXAMPLE";
  const [finding] = findTampering(
    added("a.ts", `const k = "${key}"; // ${"x".repeat(500)}`),
    plain,
  );
  expect(finding).toMatchObject({ rule: "secrets_added", line: 1 });
  expect(finding?.evidence).not.toContain(key);
  const known = findTampering(added("a.ts", "x", "say hunter2-hunter2"), {
    ...plain,
    findSecret: (text) => (text.includes("hunter2-hunter2") ? { kind: "known value" } : null),
    redact: (text) => text.replaceAll("hunter2-hunter2", "[redacted]"),
  });
  expect(known).toMatchObject([{ line: 2, evidence: "known value: say [redacted]" }]);
});

it("finds a change that is too long to be looked through, as the policy says", () => {
  const verdict = (gate: unknown, allowed: string[] = []) =>
    findTampering(null, { policy: TamperPolicy.parse(gate), allowed }).map((finding) =>
      Finding.parse(finding),
    );
  expect(verdict({})).toEqual([
    {
      rule: "diff_hidden",
      file: ".",
      line: null,
      evidence: "the change is too long, as text, to be looked through",
      verdict: "hold",
    },
  ]);
  expect(verdict({ diff_hidden: "undo" })).toMatchObject([{ verdict: "undo" }]);
  expect(verdict({}, ["diff_hidden"])).toMatchObject([{ verdict: "allow" }]);
});

it("judges files by their size where it is told", () => {
  const diff =
    "diff --git a/a.png b/a.png\nnew file mode 100644\nBinary files /dev/null and b/a.png differ\n";
  const sized = (bytes: number) =>
    findTampering(diff, { ...plain, sizes: new Map([["a.png", bytes]]) });
  expect(findTampering(diff, plain)).toEqual([]);
  expect(sized(50_000)).toEqual([]);
  expect(sized(5_000_000)).toMatchObject([{ rule: "big_files_added", evidence: "4883 KiB" }]);
});

// Each of these repeats something that expressions of this kind look for, and then does not go on as they want.
const hostile = [
  " ",
  "\t",
  "a",
  "1",
  "(",
  "[",
  "{",
  '"',
  "'",
  "`",
  "\\",
  '\\"',
  "/",
  "*",
  "/*",
  "//",
  "#",
  "#[",
  "-",
  "--",
  "=",
  "==",
  ".",
  ",",
  ":",
  ";",
  "<",
  ">",
  "|| ",
  "&&",
  "@",
  "$",
  "_",
  "A1",
  "a.",
  "a(",
  "a (",
  "a, ",
  "(a",
  "['\"",
  '"a", ',
  "{ ",
  "} ",
  "x = ",
  "if ",
  "if (",
  "expect(",
  "expect(a).",
  "assert ",
  "assert(",
  "assertEquals(",
  "it(",
  "test(",
  "it.only",
  "describe.",
  "catch (",
  "catch {",
  "except ",
  't.Run("',
  "func ",
  "def test",
  "void a ",
  "public static ",
  "@Test(",
  "[Fact(",
  "#[cfg_attr(",
  "TEST(",
  "pytest ",
  "cargo -- ",
  "go test ",
  "jest ",
  "mvn ",
  "--ignore ",
  "|| true",
  "os.environ",
  "process.env.",
  "sys.modules",
  'Class.forName("',
  "getStackTrace()",
  "GetAssemblies()",
  "StackTrace()",
  ".stack ",
  "caller ",
  "import(",
  'vi.mock("',
  "ignore = ",
  '"a": [',
  "-Wall ",
  '--max-warnings "',
  'complexity: ["error", ',
  "<minimum>",
  "threshold",
  "a\\",
  "a/",
  "test/",
  "tests.",
  ".test",
  "_test",
  "snapshots.",
  "config.",
].map((part) => part.repeat(Math.ceil(100_000 / part.length)));

it("takes linear time for every expression, whatever the line", { timeout: 300_000 }, () => {
  const tables: unknown[] = [...languages, ...tamperRules, fileKinds];
  const expressions = new Set(tables.flatMap(expressionsIn));
  expect(expressions.size).toBeGreaterThan(300);
  const slow: string[] = [];
  for (const expression of expressions)
    for (const line of hostile) {
      const milliseconds = fastest(() => line.search(expression));
      if (milliseconds > 500)
        slow.push(
          `${Math.round(milliseconds)} ms: ${line.slice(0, 20)} ${expression.source.slice(0, 80)}`,
        );
    }
  expect(slow).toEqual([]);
});

it("reads megabytes within seconds, whatever the file", { timeout: 120_000 }, () => {
  const body = Array.from({ length: 30 }, () => "expect(total(2, 3)).toBe(5); // §");
  const test = [`it("x", () => {`, ...body, "});"];
  const lines = Array.from({ length: 1_000 }, () => test).flat();
  for (const path of ["a.test.ts", "tests/a.py", "src/a.rs", "data.json", "package.json"]) {
    const whole = addedFile(path, lines);
    const gone = whole
      .replaceAll("\n+", "\n-")
      .replace("new file", "deleted file")
      .replace(/@@ -0,0 .1,(\d+) @@/, "@@ -1,$1 +0,0 @@");
    expect(
      fastest(() => findTampering(whole + gone, plain), 10_000),
      path,
    ).toBeLessThan(10_000);
  }
});

it("makes well-formed findings of planted diffs that were cut and mangled anywhere", () => {
  const folder = new URL("planted/tampering/", import.meta.url);
  const random = pseudoRandom(7);
  for (const name of readdirSync(folder)) {
    const diff = readFileSync(new URL(name, folder), "utf8");
    for (let round = 0; round < 15; round++) {
      const [from, to] = [random(diff.length), random(diff.length)];
      const mangled = diff.slice(0, from) + String.fromCharCode(random(300)) + diff.slice(to);
      for (const finding of findTampering(mangled, plain)) Finding.parse(finding);
    }
  }
});

/** A crowded machine may be slow once, an expression that is not linear always is. */
function fastest(deed: () => void, enough = 500): number {
  let best = Infinity;
  for (let turn = 0; turn < 4 && best > enough; turn++) {
    const started = performance.now();
    deed();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

function expressionsIn(table: unknown): RegExp[] {
  if (table instanceof RegExp) return [table];
  if (typeof table !== "object" || table === null) return [];
  return Object.values(table).flatMap(expressionsIn);
}

function pseudoRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % Math.max(1, below);
  };
}
