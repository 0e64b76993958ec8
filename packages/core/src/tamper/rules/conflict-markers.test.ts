import { expect, it } from "vitest";
import { findTampering } from "../find-tampering.ts";
import { defaultTamperPolicy } from "../policy.ts";

const conflict = ["<<<<<<< HEAD", "ours", "=======", "theirs", ">>>>>>> 1c2d3e4 (Theirs)"];
const diff3 = ["<<<<<<< ours", "a", "||||||| base", "b", "=======", "c", ">>>>>>> theirs"];

function found(path: string, lines: readonly string[]) {
  const diff = [
    `diff --git a/${path} b/${path}`,
    "--- /dev/null",
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => (/^[-+ ]/.test(line) ? line : `+${line}`)),
    "",
  ].join("\n");
  return findTampering(diff, { policy: defaultTamperPolicy, allowed: [] })
    .filter(({ rule }) => rule === "conflict_markers")
    .map(({ line, verdict, evidence }) => ({ line, verdict, evidence }));
}

const left: [name: string, path: string, lines: string[], line: number][] = [
  ["code", "src/a.ts", conflict, 1],
  ["a test", "tests/test_a.py", ["import a", ...conflict], 2],
  ["a lockfile", "package-lock.json", diff3, 1],
  ["a text", "README.md", ["# Title", "```sh", "make", "```", ...conflict], 5],
  ["data without an ending", "answer", conflict, 1],
  [
    "code, where one side is what stood there",
    "a.go",
    ["<<<<<<< HEAD", " ours", "=======", "theirs", ">>>>>>> b"],
    1,
  ],
];

it.each(left)("finds a conflict in %s", (_name, path, lines, line) => {
  expect(found(path, lines)).toEqual([
    { line, verdict: "undo", evidence: lines.find((text) => text.startsWith("<<<<<<<")) },
  ]);
});

it("finds each of several", () => {
  expect(found("a.txt", [...conflict, "between", ...conflict])).toHaveLength(2);
});

const honest: [name: string, path: string, lines: string[]][] = [
  ["a heading that is underlined", "README.md", ["Install", "=======", "", "Licence", "======="]],
  ["a table of reST", "docs/a.rst", ["=======  =======", "a        b", "======="]],
  ["a block of code that shows one", "docs/merge.md", ["It looks so:", "```", ...conflict, "```"]],
  ["a sample that a test reads", "tests/fixtures/conflict.txt", conflict],
  [
    "quoted in code",
    "src/parse.ts",
    ["const text = [", '  "<<<<<<< HEAD",', '  "=======",', '  ">>>>>>> b",', "];"],
  ],
  ["a shift by many", "a.c", ["<<<<<<<< x", "=======", ">>>>>>>> y"]],
  ["a marker alone", "a.txt", ["<<<<<<< HEAD", "no more"]],
  ["one that is taken away", "a.ts", conflict.map((line) => `-${line}`)],
];

it.each(honest)("does not speak of %s", (_name, path, lines) => {
  expect(found(path, lines)).toEqual([]);
});
