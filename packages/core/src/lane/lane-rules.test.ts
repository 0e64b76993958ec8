import { expect, test } from "vitest";
import type { LaneRule } from "./lane-rule.ts";
import { laneSources } from "./rules/index.ts";

const members = laneSources.flatMap(({ rules, recovered }) => [
  ...rules,
  ...(recovered === undefined ? [] : [recovered]),
]);

/** What patterns repeat, and what makes them begin again and again. */
const fragments = [
  "a",
  " ",
  "1",
  "/",
  ".",
  ":",
  "(",
  "error ",
  "fetch ",
  "https://a.b/",
  "A_",
  "not found ",
  "failed ",
];

test("every pattern takes linear time on any of the words that rules look for", () => {
  const patterns = members.flatMap((member) =>
    patternsOf(member).map((pattern) => ({ pattern, member })),
  );
  for (const { pattern, member } of patterns) {
    expect(pattern.flags.replace("i", ""), `${pattern} keeps no state`).toBe("");
    for (const fragment of [...fragments, ...member.literals]) {
      for (const start of ["", member.literals[0] ?? "", "##[error]"]) {
        const text = start + fragment.repeat(Math.ceil(20_000 / fragment.length));
        // The shorter of two, so that a crowded machine does not count: 0.1 ms is usual, a square would take a second.
        const ms = Math.min(timeOf(pattern, text), timeOf(pattern, text));
        expect(ms, `${pattern} on ${JSON.stringify(fragment)}`).toBeLessThan(150);
      }
    }
  }
});

test("every rule has words for people and literals that are quick to search", () => {
  for (const { rules } of laneSources) {
    for (const { reason, literals } of rules) {
      expect(reason).toMatch(/^\S.*[^.]$/);
      expect(literals.length).toBeGreaterThan(0);
    }
  }
  for (const { literals } of members)
    expect(literals.filter((literal) => literal.length < 8)).toEqual([]);
});

function patternsOf(member: Partial<Pick<LaneRule, "pattern" | "near" | "unless">>): RegExp[] {
  return [member.pattern, member.near, member.unless].filter((pattern) => pattern !== undefined);
}

function timeOf(pattern: RegExp, text: string): number {
  const before = performance.now();
  pattern.test(text);
  return performance.now() - before;
}
