import { expect, test } from "vitest";
import { wayOn } from "./can-continue.ts";
import { begin, evolve } from "./evolve.ts";
import type { Finding } from "./tamper/finding.ts";
import type { TaskEvent } from "./task-event.ts";
import { created } from "./task-fixture.ts";

const sha = "a".repeat(40);
const finding = (rule: string, verdict: Finding["verdict"]): Finding => ({
  rule,
  file: "ci.yml",
  line: null,
  evidence: "",
  verdict,
});
const findings = [
  finding("ci_changed", "hold"),
  finding("tests_skipped", "undo"),
  finding("lockfile_changed", "allow"),
];
const untilHeld: TaskEvent[] = [
  { type: "started", at: 1 },
  { type: "prepared", at: 2, worktree: "/w", base: sha, head: sha },
  { type: "turn_started", at: 3, resumed: false },
  { type: "turn_ended", at: 4, ms: 1, outcome: "completed", said: "" },
  {
    type: "committed",
    at: 5,
    commit: sha,
    tree: sha,
    base: sha,
    files: 1,
    insertions: 1,
    deletions: 0,
  },
  { type: "inspected", at: 6, commit: sha, findings, preflight: false },
];
const held = untilHeld.reduce(evolve, begin(created()));

test.for([
  [[], ["ci_changed", "tests_skipped"]],
  [["ci_changed"], ["tests_skipped"]],
  [["ci_changed", "tests_skipped"], []],
] as const)(
  "words on a held change with %j let through tell the agent to undo %j",
  ([allow, undo]) => {
    const words = ["The new job is wanted."];
    const { to, spends } = wayOn(held, { words, allow }, 7);
    expect(spends).toBe(true);
    expect(to).toMatchObject({ name: "coding", brief: { words } });
    const told = to.name === "coding" ? to.brief.undo.map(({ rule }) => rule) : null;
    expect(told).toEqual(undo);

    const { budget } = held;
    const event = { type: "continued" as const, at: 7, budget, words, allow: [...allow] };
    const after = evolve(held, event);
    expect(after.phase).toEqual(to);
    expect(after.allowed).toEqual(allow);
  },
);

test("without words a held change is looked at again, and no turn comes of it", () => {
  const { to, spends } = wayOn(held, { words: [], allow: ["ci_changed"] }, 7);
  expect(to).toEqual({ name: "inspecting", commit: sha, before: "push" });
  expect(spends).toBe(false);
});
