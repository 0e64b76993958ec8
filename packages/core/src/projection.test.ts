import { expect, test } from "vitest";
import { begin, evolve } from "./evolve.ts";
import { lockOf, needsSlot, statusOf, summaryOf } from "./projection.ts";
import type { TaskEvent } from "./task-event.ts";
import { created } from "./task-fixture.ts";
import { restReason } from "./waiting.ts";

const a = "a".repeat(40);
const b = "b".repeat(40);
const c = "c".repeat(40);
const beginning = created({ maxAttempts: 2 });

/** A task's way to a merge with one red attempt, and how it looks after each event. */
const way: [TaskEvent, status: string, slot: boolean, lock: string | null][] = [
  [{ type: "started", at: 1 }, "running", true, null],
  [{ type: "prepared", at: 2, worktree: "/w", base: a, head: a }, "running", true, null],
  [{ type: "turn_started", at: 3, resumed: false }, "running", true, null],
  [{ type: "turn_ended", at: 4, ms: 9, outcome: "completed", said: "" }, "running", false, null],
  [
    {
      type: "committed",
      at: 5,
      commit: a,
      tree: a,
      base: a,
      files: 2,
      insertions: 1,
      deletions: 0,
    },
    "running",
    false,
    null,
  ],
  [{ type: "inspected", at: 5, commit: a, findings: [], preflight: false }, "running", false, null],
  [{ type: "push_started", at: 6, commit: a, expected: null }, "running", false, null],
  [{ type: "pushed", at: 7, sha: a }, "running", false, null],
  [{ type: "ci_failed", at: 8, sha: a, run: "r", jobs: ["test"] }, "running", false, null],
  [
    {
      type: "diagnosed",
      at: 9,
      sha: a,
      lane: "code",
      reason: "",
      retryAt: 9,
      excerpt: "not ok 3\nmore",
      log: "/l",
      failures: [{ tool: "tap", kind: "test", test: "slugs", message: "not ok 3" }],
    },
    "retrying",
    true,
    null,
  ],
  [{ type: "turn_started", at: 10, resumed: true }, "retrying", true, null],
  [{ type: "turn_ended", at: 11, ms: 9, outcome: "completed", said: "" }, "retrying", false, null],
  [
    {
      type: "committed",
      at: 12,
      commit: b,
      tree: b,
      base: a,
      files: 1,
      insertions: 1,
      deletions: 0,
    },
    "retrying",
    false,
    null,
  ],
  [
    { type: "inspected", at: 12, commit: b, findings: [], preflight: true },
    "retrying",
    false,
    null,
  ],
  [
    {
      type: "preflight_judged",
      at: 12,
      commit: b,
      is: "passed",
      ms: 3,
      command: "",
      reason: "",
      excerpt: "",
      log: "/l",
      failures: [],
    },
    "retrying",
    false,
    null,
  ],
  [{ type: "push_started", at: 13, commit: b, expected: a }, "retrying", false, null],
  [{ type: "pushed", at: 14, sha: b }, "retrying", false, null],
  [{ type: "ci_passed", at: 15, sha: b, run: "r" }, "retrying", false, null],
  [
    { type: "inspected", at: 15, commit: b, findings: [], preflight: false },
    "retrying",
    false,
    null,
  ],
  [{ type: "change_opened", at: 16, sha: b, change: "/r.git#amp/x" }, "success", false, null],
  [{ type: "merge_requested", at: 17, by: "kim" }, "success", false, null],
  [{ type: "merge_accepted", at: 18 }, "retrying", false, "merge:/r.git#main"],
  [{ type: "rebased", at: 19, commit: b, base: a }, "retrying", false, "merge:/r.git#main"],
  [
    { type: "merge_started", at: 20, sha: b, expectedBase: a },
    "retrying",
    false,
    "merge:/r.git#main",
  ],
  [{ type: "merged", at: 21, sha: b }, "success", false, null],
];

test("status, slot and lock follow from the state alone", () => {
  let state = begin(beginning);
  expect([statusOf(state), needsSlot(state), lockOf(state)]).toEqual(["queued", true, null]);
  for (const [event, ...expected] of way) {
    state = evolve(state, event);
    expect([event.type, statusOf(state), needsSlot(state), lockOf(state)]).toEqual([
      event.type,
      ...expected,
    ]);
  }
});

test("a merge whose rebased commit is red keeps its lock while the red is looked into", () => {
  const accepted = way.findIndex(([event]) => event.type === "merge_accepted");
  const told: TaskEvent[] = [
    ...way.slice(0, accepted + 1).map(([event]) => event),
    { type: "rebased", at: 19, commit: c, base: b },
    { type: "push_started", at: 20, commit: c, expected: b },
    { type: "pushed", at: 21, sha: c },
    { type: "ci_failed", at: 22, sha: c, run: "r", jobs: ["test"] },
    { type: "base_asked", at: 23, sha: b },
  ];
  let state = told.reduce(evolve, begin(beginning));
  expect(state.phase).toMatchObject({ name: "diagnosing", merging: true });
  expect(lockOf(state)).toBe("merge:/r.git#main");
  const diagnosed = {
    type: "diagnosed" as const,
    at: 24,
    sha: c,
    reason: "",
    retryAt: 24,
    excerpt: "",
    log: "/l",
    failures: [],
  };
  expect(lockOf(evolve(state, { ...diagnosed, lane: "flaky" }))).toBe("merge:/r.git#main");
  state = evolve(state, { ...diagnosed, lane: "code" });
  expect([state.phase.name, lockOf(state)]).toEqual(["coding", null]);
});

test("the summary tells each attempt in a line", () => {
  const state = way.map(([event]) => event).reduce(evolve, begin(beginning));
  expect(summaryOf(state)).toBe(
    "attempt 1: aaaaaaaa (2 files), CI red: slugs: not ok 3\nattempt 2: bbbbbbbb (1 file), CI green; 1 of 1 fixed",
  );
});

test("an abort waits for no slot, so that a full house can be emptied", () => {
  const state = evolve(begin(beginning), { type: "abort_requested", at: 1, by: "kim" });
  expect(needsSlot(state)).toBe(false);
});

test("words said after an abort was asked for outlive it, earlier ones do not", () => {
  const events: TaskEvent[] = [
    { type: "continue_requested", at: 1, by: "kim", text: "before", allow: [] },
    { type: "abort_requested", at: 2, by: "kim" },
    { type: "continue_requested", at: 3, by: "kim", text: "after", allow: [] },
    { type: "aborted", at: 4, by: "kim" },
  ];
  const state = events.reduce(evolve, begin(beginning));
  expect(state.requests.words.map((word) => word.text)).toEqual(["after"]);
});

test("an event that its phase cannot have caused is a bug and throws", () => {
  expect(() => evolve(begin(beginning), { type: "pushed", at: 1, sha: a })).toThrow(
    'expected a task in "pushing", found "queued"',
  );
  const merged = way.map(([event]) => event).reduce(evolve, begin(beginning));
  expect(() => evolve(merged, { type: "aborted", at: 1, by: "kim" })).toThrow(
    '"aborted" cannot happen in "merged"',
  );
});

test("a task that needs a person says why in one line, whatever the detail holds", () => {
  const rejected = way
    .slice(0, 6)
    .map(([event]) => event)
    .reduce(evolve, begin(beginning));
  const state = evolve(rejected, {
    type: "push_rejected",
    at: 9,
    by: "moved",
    found: b,
    detail: `hook\n${"x".repeat(500)}`,
  });
  expect(restReason(state)).toMatch(/^you: somebody else moved the branch \(hook x+…\)$/);
});
