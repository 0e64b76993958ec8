import { expect, test } from "vitest";
import { namedFiles } from "./named-files.ts";

const paths = [
  "src/a.ts",
  "README.md",
  "answer",
  "Makefile",
  "app/[id]/page.tsx",
  "docs/two words.md",
  "src/größe.ts",
  ".github/workflows/ci.yml",
  "src",
];

test.for<[text: string, named: string[]]>([
  ["Mend src/a.ts.", ["src/a.ts"]],
  ["(see ./src/a.ts:12:3)", ["src/a.ts"]],
  ["src/a.ts,README.md", ["src/a.ts", "README.md"]],
  ["**README.md**, please!", ["README.md"]],
  ["in src/a.tsx", []],
  ["in lib/src/a.ts", []],
  ["in src/a.ts.bak", []],
  ["the answer is in src", []],
  ['write `answer` and "Makefile"', ["answer", "Makefile"]],
  ["it's the answer, isn't it", []],
  ["app/[id]/page.tsx is slow", ["app/[id]/page.tsx"]],
  ["mend 'docs/two words.md'", ["docs/two words.md"]],
  ["Die Datei src/größe.ts?", ["src/größe.ts"]],
  [".github/workflows/ci.yml: add a job", [".github/workflows/ci.yml"]],
  ["", []],
])("%j names %j", ([text, named]) => {
  expect(namedFiles(text, paths)).toEqual(named);
});

test("a long text and many files take no time to speak of", () => {
  const text = "Look at `src/f9.ts` and src/f8.ts '".repeat(6_000);
  const many = Array.from({ length: 50_000 }, (_, n) => `src/f${n}.ts`);
  const begunAt = performance.now();
  expect(namedFiles(text, many)).toEqual(["src/f8.ts", "src/f9.ts"]);
  expect(performance.now() - begunAt).toBeLessThan(2_000);
});
