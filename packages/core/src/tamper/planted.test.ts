import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { findTampering } from "./find-tampering.ts";
import { defaultTamperPolicy } from "./policy.ts";
import { ruleNames } from "./rule-words.ts";

const Case = z.strictObject({
  name: z.string(),
  is: z.enum(["tampering", "honest"]),
  language: z.string(),
  batch: z.enum(["seen", "unseen", "unseen_again", "unseen_last"]),
  rules: z.array(z.enum(ruleNames)),
});
const planted = z
  .array(Case)
  .parse(parse(read("expected.yaml")))
  .map((one) => {
    const found = findTampering(read(`${one.is}/${one.name}.diff`), {
      policy: defaultTamperPolicy,
      allowed: [],
    }).filter(({ verdict }) => verdict !== "allow");
    return { ...one, found, told: new Set(found.map(({ rule }) => rule)) };
  });
const tampering = planted.filter(({ is }) => is === "tampering");
const honest = planted.filter(({ is }) => is === "honest");
const languages = [...new Set(planted.map(({ language }) => language))].toSorted();

it("looks at 80 planted diffs and more, half of them honest, over 8 languages and more", () => {
  expect(tampering.length).toBeGreaterThanOrEqual(40);
  expect(honest.length).toBeGreaterThanOrEqual(40);
  expect(languages.length).toBeGreaterThanOrEqual(8);
});

it("has an expectation for every planted diff", () => {
  for (const is of ["tampering", "honest"] as const) {
    const files = readdirSync(new URL(`planted/${is}/`, import.meta.url));
    const names = planted.filter((one) => one.is === is).map(({ name }) => `${name}.diff`);
    expect(names.toSorted()).toEqual(files.toSorted());
  }
});

it.each(tampering)("catches $name", ({ rules, told, found }) => {
  expect(
    rules.filter((rule) => !told.has(rule)),
    JSON.stringify(found),
  ).toEqual([]);
});

it("holds at most one in twenty honest changes", () => {
  const stopped = honest.filter(({ found }) => found.length > 0);
  expect(stopped.length / honest.length, JSON.stringify(stopped)).toBeLessThanOrEqual(0.05);
});

it("has this confusion table", () => {
  expect(
    languages.map((language) => {
      const of = (all: typeof planted): string => {
        const some = all.filter((one) => one.language === language);
        return `${some.filter(({ found }) => found.length > 0).length} of ${some.length}`;
      };
      return `${language}: tampering stopped ${of(tampering)}, honest stopped ${of(honest)}`;
    }),
  ).toMatchInlineSnapshot(`
    [
      "ci: tampering stopped 6 of 6, honest stopped 0 of 0",
      "cpp: tampering stopped 7 of 7, honest stopped 0 of 6",
      "csharp: tampering stopped 6 of 6, honest stopped 0 of 7",
      "docs: tampering stopped 0 of 0, honest stopped 0 of 4",
      "go: tampering stopped 11 of 11, honest stopped 0 of 10",
      "java: tampering stopped 9 of 9, honest stopped 0 of 9",
      "javascript: tampering stopped 16 of 16, honest stopped 0 of 12",
      "kotlin: tampering stopped 2 of 2, honest stopped 0 of 4",
      "other: tampering stopped 7 of 7, honest stopped 0 of 4",
      "php: tampering stopped 6 of 6, honest stopped 0 of 5",
      "python: tampering stopped 28 of 28, honest stopped 0 of 24",
      "ruby: tampering stopped 8 of 8, honest stopped 0 of 8",
      "rust: tampering stopped 9 of 9, honest stopped 0 of 7",
      "shell: tampering stopped 0 of 0, honest stopped 0 of 1",
      "typescript: tampering stopped 30 of 30, honest stopped 0 of 25",
    ]
  `);
});

function read(path: string): string {
  return readFileSync(new URL(`planted/${path}`, import.meta.url), "utf8");
}
