import { expect, test } from "vitest";
import { begin } from "../evolve.ts";
import type { TaskState } from "../task-state.ts";
import { nothingUsed, type Used } from "../used.ts";
import { changeText, withBlock } from "./change-text.ts";

const task = {
  id: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  repo: "https://github.com/acme/shop.git",
  base: "main",
  branch: "amp/answer",
  title: "Answer with 42",
  prompt: "Answer with 42.\n@kim <!-- ampx: end --> fixes #1",
  agent: "amp",
  createdBy: "kim",
  createdAt: 0,
};
const attempt: TaskState["attempts"][number] = {
  number: 1,
  outcome: "completed",
  said: "Done it.",
  agentMs: 90_000,
  usage: nothingUsed,
  agent: "amp",
  commit: "c".repeat(40),
  files: 1,
  tree: null,
  gate: [],
  preflight: null,
  verdict: "failed",
  lane: "code",
  failures: [],
  failure: "FAIL a|b",
};
const state: TaskState = {
  ...begin({
    type: "task_created",
    at: 0,
    task,
    budget: { maxAttempts: 5, maxAgentMs: 1, deadline: null },
  }),
  spent: { attempts: 2, turns: 2, agentMs: 90_000, usage: { ...nothingUsed, usd: 1.2 } },
  session: "T-1",
  attempts: [attempt, { ...attempt, number: 2, verdict: "passed", said: "Mended." }],
  findings: [
    { rule: "tests_deleted", file: "a.test.ts", line: null, evidence: "gone", verdict: "hold" },
  ],
};

test("tells what was asked, what was done, each attempt, the cost and what the gate found", () => {
  const { title, block } = changeText(state, "closes");
  expect(title).toBe("Answer with 42");
  expect(block).toContain("> Answer with 42.");
  expect(block).toContain("> Mended.");
  expect(block).toContain("| 1 | cccccccccc | FAIL a\\|b |");
  expect(block).toContain("| 2 | cccccccccc | green |");
  expect(block).toContain("2 attempts, 2 agent minutes, $1.20");
  expect(block).toContain("tests_deleted in a.test.ts: gone");
  expect(block).toContain("https://ampcode.com/threads/T-1");
});

test("calls nobody, closes no issue, and cannot be ended from within", () => {
  const { block } = changeText(state, "closes");
  expect(block).not.toContain("@kim");
  expect(block).not.toMatch(/#1\b/);
  expect(block.match(/<!-- ampx: end -->/g)).toHaveLength(1);
});

test("is renewed in place, and the person's own text stays untouched", () => {
  const one = changeText(state, "closes").block;
  const two = changeText({ ...state, attempts: [attempt] }, "closes").block;
  expect(withBlock(null, one)).toBe(one);
  const mine = withBlock("My own words.\r\n\r\n- [ ] a box", one);
  expect(mine).toBe(`My own words.\r\n\r\n- [ ] a box\n\n${one}`);
  const around = `${mine}\n\nAnd after it $& $1.`;
  expect(withBlock(around, two)).toBe(around.replace(one, () => two));
  expect(withBlock(withBlock(around, two), one)).toBe(around);
});

test("says no more of the cost than is known", () => {
  const block = (usage: Partial<Used>) =>
    changeText(
      { ...state, spent: { ...state.spent, usage: { ...nothingUsed, ...usage } } },
      "closes",
    ).block;
  expect(block({ usd: 0.5, usdKnown: false })).toContain("2 agent minutes, at least $0.50");
  expect(block({ usdKnown: false })).toMatch(/2 agent minutes$/m);
});

test("names the issue that it is for as GitHub reads it, outside of what is quoted, unless that is not wanted", () => {
  const about = { ...state, task: { ...task, issue: 12 } };
  const lines = (link: "closes" | "refs" | "no") => changeText(about, link).block.split("\n");
  expect(lines("closes").slice(0, 3)).toEqual(["<!-- ampx: begin -->", "Closes #12", ""]);
  expect(lines("refs")[1]).toBe("Refs #12");
  expect(lines("no")[1]).toBe("### Asked");
  expect(changeText(state, "closes").block).not.toMatch(/#\d/);
});
