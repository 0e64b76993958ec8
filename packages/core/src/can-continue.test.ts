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

const pushed: TaskEvent[] = [
  { type: "inspected", at: 6, commit: sha, findings: [], preflight: false },
  { type: "push_started", at: 7, commit: sha, expected: null },
  { type: "pushed", at: 8, sha },
];
const inCi = [...untilHeld.slice(0, 5), ...pushed].reduce(evolve, begin(created()));
const ready: TaskEvent[] = [
  { type: "ci_passed", at: 9, sha, run: "r" },
  { type: "inspected", at: 10, commit: sha, findings: [], preflight: false },
  { type: "change_opened", at: 11, sha, change: "c" },
  { type: "merge_requested", at: 12, by: "kim" },
  { type: "merge_accepted", at: 13 },
];
const merging = ready.reduce(evolve, inCi);

test.for<[string, TaskEvent[], { name: string }]>([
  [
    "an error while CI was awaited",
    [{ type: "errored", at: 20, message: "401" }],
    { name: "awaiting_ci" },
  ],
  [
    "a branch that is gone",
    [{ type: "branch_moved", at: 20, found: null, detail: "gone" }],
    { name: "pushing" },
  ],
  [
    "a merge that was refused",
    [
      ...ready,
      { type: "rebased", at: 20, commit: sha, base: sha },
      { type: "merge_started", at: 21, sha, expectedBase: sha },
      { type: "merge_refused", at: 22, reason: "a review is missing" },
    ],
    { name: "rebasing" },
  ],
])("without words, %s is gone on with where it was, without a turn", ([, events, to]) => {
  const way = wayOn(events.reduce(evolve, inCi), { words: [], allow: [] }, 30);
  expect(way).toMatchObject({ to, spends: false });
});

test("an agent is told of a conflict before a person's words", () => {
  const event = { type: "rebase_conflicted" as const, at: 20, base: sha, files: ["a.ts", "b.ts"] };
  const { to, spends } = wayOn(evolve(merging, event), { words: ["Keep theirs."], allow: [] }, 30);
  expect(spends).toBe(true);
  expect(to).toMatchObject({
    name: "coding",
    brief: {
      words: [
        expect.stringMatching(/conflicts with[^]*a\.ts, b\.ts \(the base is at aaaaaaaaaaaa\)/),
        "Keep theirs.",
      ],
    },
  });
});
