import { expect, test } from "vitest";
import { begin, evolve } from "./evolve.ts";
import { isToldAbout } from "./is-told-about.ts";
import type { TaskEvent } from "./task-event.ts";
import { created } from "./task-fixture.ts";

const a = "a".repeat(40);
const b = "b".repeat(40);
const turn: TaskEvent[] = [
  { type: "turn_started", at: 3, resumed: false },
  { type: "turn_ended", at: 4, ms: 1, outcome: "completed", said: "" },
];
const firstTurn: TaskEvent[] = [
  { type: "started", at: 1 },
  { type: "prepared", at: 2, worktree: "/w", base: a, head: a },
  ...turn,
];
const size = { files: 1, insertions: 1, deletions: 0 };
const committed: TaskEvent = { type: "committed", at: 5, commit: b, tree: b, base: a, ...size };
const sentBack: TaskEvent = {
  type: "inspected",
  at: 6,
  commit: b,
  findings: [
    { rule: "tests_skipped", file: "a.test.js", line: 1, evidence: "skip", verdict: "undo" },
  ],
  preflight: false,
};
const red: TaskEvent[] = [
  { type: "inspected", at: 6, commit: b, findings: [], preflight: true },
  {
    type: "preflight_judged",
    at: 7,
    commit: b,
    is: "failed",
    ms: 1,
    command: "npm test",
    reason: "",
    excerpt: "FAIL",
    log: "/l",
    failures: [],
  },
];

const isTold = (events: TaskEvent[], head: string) =>
  isToldAbout([...firstTurn, ...events].reduce(evolve, begin(created())), head);

test("nobody told the agent anything at its first turn", () => {
  expect(isTold([], a)).toBe(false);
});

test("after a red, or something to undo, the commit that was sent back is what it was told about", () => {
  for (const back of [[sentBack], red]) {
    expect(isTold([committed, ...back, ...turn], b)).toBe(true);
    expect(isTold([committed, ...back, ...turn], a)).toBe(false);
  }
});

test("a turn without a change between does not make it forget", () => {
  const stalled: TaskEvent[] = [
    { type: "turn_started", at: 8, resumed: true },
    { type: "turn_ended", at: 9, ms: 1, outcome: "stalled", said: "" },
    { type: "nothing_changed", at: 9, head: b },
  ];
  expect(isTold([committed, ...red, ...stalled, ...turn], b)).toBe(true);
});

test("words of a person on a commit that was let through tell of nothing wrong", () => {
  const held: TaskEvent[] = [
    {
      ...sentBack,
      findings: [
        { rule: "ci_changed", file: "ci.yml", line: 1, evidence: "", verdict: "hold" as const },
      ],
    },
    {
      type: "continued",
      at: 7,
      budget: created().budget,
      words: ["Fine. Name it build."],
      allow: ["ci_changed"],
    },
  ];
  expect(isTold([committed, ...held, ...turn], b)).toBe(false);
});
