import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import { eventText } from "./event-text.ts";
import { begin, evolve } from "./evolve.ts";
import { defaultPolicy } from "./policy.ts";
import type { ReviewComment } from "./review.ts";
import type { TaskEvent } from "./task-event.ts";
import { created } from "./task-fixture.ts";
import type { ReviewReason, TaskState } from "./task-state.ts";
import type { Budget } from "./task.ts";
import { restReason } from "./waiting.ts";

const first = "a".repeat(40);
const second = "b".repeat(40);

function comment(key: string, more: Partial<ReviewComment> = {}): ReviewComment {
  return { key, by: "kim", text: "why?", path: null, line: null, url: "https://x/1", ...more };
}

function received(...keys: string[]): TaskEvent {
  return { type: "review_received", at: 50, comments: keys.map((key) => comment(key)) };
}

/** One turn that leads to this commit, and CI that finds it green. */
function turn(commit: string, before: string | null): TaskEvent[] {
  return [
    { type: "turn_started", at: 3, resumed: before !== null },
    { type: "turn_ended", at: 5, ms: 2, outcome: "completed", said: "Done." },
    {
      type: "committed",
      at: 6,
      commit,
      tree: commit,
      base: first,
      files: 1,
      insertions: 1,
      deletions: 0,
    },
    { type: "inspected", at: 6, commit, findings: [], preflight: false },
    { type: "push_started", at: 7, commit, expected: before },
    { type: "pushed", at: 8, sha: commit },
    { type: "ci_passed", at: 9, sha: commit, run: "r" },
    { type: "inspected", at: 9, commit, findings: [], preflight: false },
  ];
}

function opened(sha: string): TaskEvent {
  return { type: "change_opened", at: 10, sha, change: "https://x/pull/1" };
}

const untilReady: TaskEvent[] = [
  { type: "started", at: 1 },
  { type: "prepared", at: 2, worktree: "/w", base: first, head: first },
  ...turn(first, null),
  opened(first),
];

function fold(events: TaskEvent[], budget: Partial<Budget> = {}): TaskState {
  return events.reduce(evolve, begin(created(budget)));
}

/** What follows from the state alone, until something has to be done. */
function settle(state: TaskState): { state: TaskState; next: string } {
  const action = decide(state, 100, defaultPolicy);
  if (action.do !== "record") return { state, next: action.do };
  return settle(evolve(state, action.event));
}

test("comments on a change that is ready start an attempt, within the budget as it is", () => {
  const { state, next } = settle(fold([...untilReady, received("review:1")]));
  expect(next).toBe("run_turn");
  expect(state.budget).toEqual(created().budget);
  expect(state.reviews.waiting).toHaveLength(1);
});

test("a comment is told in the turn that begins next, and answered once that has led to a green commit", () => {
  const accepted: TaskEvent = { type: "review_accepted", at: 60 };
  const given = fold([...untilReady, received("review:1"), accepted, ...turn(second, first)]);
  expect(given.reviews).toMatchObject({
    waiting: [],
    open: [{ key: "review:1", told: true, on: first }],
  });
  const answered: TaskEvent = {
    type: "review_answered",
    at: 70,
    keys: ["review:1"],
    commit: second,
  };
  const done = [answered, opened(second)].reduce(evolve, given);
  expect(done.reviews).toEqual({ received: ["review:1"], waiting: [], open: [] });
  expect(settle(done)).toMatchObject({ next: "wait", state: { phase: { name: "ready" } } });
});

test("what was received before is received no more, also after it was answered", () => {
  const once = fold([...untilReady, received("review:1", "review:2"), received("review:2")]);
  expect(once.reviews.waiting.map(({ key }) => key)).toEqual(["review:1", "review:2"]);
});

test("a turn that is cut off has told nothing for sure", () => {
  const cut = fold([
    ...untilReady,
    received("review:1"),
    { type: "review_accepted", at: 60 },
    { type: "turn_started", at: 61, resumed: true },
    received("review:2"),
    { type: "turn_interrupted", at: 62, ms: 1, cause: "crash" },
  ]);
  expect(cut.reviews.open).toMatchObject([{ key: "review:1", told: false }]);
  expect(cut.reviews.waiting).toMatchObject([{ key: "review:2" }]);
});

test("of very many comments the rest waits for the next turn", () => {
  const keys = Array.from({ length: 60 }, (_, n) => `review:${n}`);
  const given = fold([
    ...untilReady,
    received(...keys),
    { type: "review_accepted", at: 60 },
    { type: "turn_started", at: 61, resumed: true },
  ]);
  expect(given.reviews.open).toHaveLength(50);
  expect(given.reviews.waiting).toHaveLength(10);
});

test.each([
  ["attempts", { maxAttempts: 1 }, "attempts_spent"],
  ["minutes", { maxAgentMs: 2 }, "minutes_spent"],
] as const)(
  "with its %s spent the task asks a person, and the comment waits",
  (_, budget, reason) => {
    const { state, next } = settle(fold([...untilReady, received("review:1")], budget));
    expect(next).toBe("wait");
    expect(state.phase).toMatchObject({ name: "needs_review", reason });
    expect(state.reviews.waiting).toHaveLength(1);
    expect(restReason(state)).toMatch(/ spent \(.*\); 1 review comment waits$/);

    // Whoever grants more has it told.
    const words = { by: "kim", at: 200, text: "", allow: [] };
    const goesOn = settle(evolve(state, { type: "continue_requested", ...words }));
    expect(goesOn.next).toBe("run_turn");
  },
);

describe("a task that waits for a person", () => {
  const waiting = (reason: ReviewReason): TaskState => ({
    ...fold([...untilReady, received("review:1")]),
    phase: { name: "needs_review", reason, detail: "" },
  });

  test.each(["merge_refused", "conflict", "blocked", "no_progress"] as const)(
    "goes on by comments where the change is what is wrong: %s",
    (reason) => expect(settle(waiting(reason)).next).toBe("run_turn"),
  );

  test.each(["branch_moved", "ci_blocked", "push_declined", "usd_spent"] as const)(
    "stays where a comment changes nothing: %s",
    (reason) => expect(settle(waiting(reason)).next).toBe("wait"),
  );

  test("tells the agent of a conflict beside the comments", () => {
    const { phase } = settle(waiting("conflict")).state;
    expect(phase).toMatchObject({ name: "coding", brief: { words: [expect.any(String)] } });
  });

  test("a change that is not open yet has no comments to start from", () => {
    const { state, next } = settle({ ...waiting("blocked"), change: null });
    expect([state.phase.name, next]).toEqual(["needs_review", "wait"]);
  });
});

test("what is to be merged later is withdrawn when somebody asks for changes", () => {
  const queued: TaskState = {
    ...fold([...untilReady, received("review:1")]),
    phase: { name: "awaiting_merge", sha: first, since: 1 },
  };
  expect(settle(queued).next).toBe("withdraw_merge");
});

describe("a change that somebody has ended", () => {
  const closed = (merged: string | null): TaskEvent => ({
    type: "change_closed",
    at: 90,
    by: "lee",
    merged,
  });

  test("is merged when that very green commit was, also where a person was asked", () => {
    const { state } = settle(fold([...untilReady, closed(first)]));
    expect(state.phase).toEqual({ name: "merged", sha: first, at: 100 });
    const refused = {
      ...fold([...untilReady, closed(first)]),
      phase: { name: "needs_review", reason: "merge_refused", detail: "" },
    } satisfies TaskState;
    expect(settle(refused).state.phase.name).toBe("merged");
  });

  test("is told of when another commit was merged, or none", () => {
    for (const merged of [second, null]) {
      const { state, next } = settle(fold([...untilReady, closed(merged), received("review:1")]));
      expect([state.phase.name, next]).toEqual(["ready", "wait"]);
      const how = merged === null ? "closed" : "merged";
      expect(restReason(state)).toBe(
        `you: ready to merge; https://x/pull/1 was ${how} by lee; 1 review comment waits`,
      );
    }
  });
});

test("the events read as sentences", () => {
  const both: ReviewComment[] = [comment("review:1"), comment("review:2", { by: "lee\n" })];
  const texts = [
    { type: "review_received", at: 1, comments: both },
    { type: "review_answered", at: 1, keys: ["review:1"], commit: first },
    { type: "review_answered", at: 1, keys: ["review:1", "review:2"], commit: null },
    { type: "change_closed", at: 1, by: null, merged: null },
  ] satisfies TaskEvent[];
  expect(texts.map(eventText)).toEqual([
    "2 review comments by kim, lee",
    "1 review comment answered by aaaaaaaa",
    "2 review comments answered in the agent's words",
    "the change was closed by somebody",
  ]);
});
