import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ruleNames, ruleWords } from "./rule-words.ts";
import { tamperRules } from "./rules/index.ts";

it("has words for every rule, and every rule is told apart", () => {
  expect(new Set(ruleNames).size).toBe(ruleNames.length);
  for (const name of ruleNames) {
    expect(name).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect(ruleWords(name).what).toMatch(/\.$/);
    expect(ruleWords(name).undo).toMatch(/\.$/);
  }
  expect(ruleWords("an_old_rule").undo).toContain("an_old_rule");
});

it("is told in full by the docs", () => {
  const page = readFileSync(new URL("../../../../docs/tamper-gate.md", import.meta.url), "utf8");
  const rows = page.matchAll(/^\| `(\w+)`\s*\| (.+?)\s*\| (\w+)\s*\|$/gm);
  expect(Array.from(rows, ([, name, what, verdict]) => [name, what, verdict])).toEqual(
    tamperRules.map(({ name, what, verdict }) => [name, what, verdict]),
  );
});
