import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type Action } from "./decide.ts";
import { begin, evolve } from "./evolve.ts";
import { aloneInstallation, type Installation } from "./installation.ts";
import { Lane } from "./lane/lane.ts";
import type { Failure } from "./log/failure.ts";
import { defaultPolicy, type Policy } from "./policy.ts";
import { isAtRest, lockOf, locksOf, needsSlot, statusOf, waitsItsTurn } from "./projection.ts";
import type { ReviewComment } from "./review.ts";
import type { Instant } from "./scalars.ts";
import type { Finding } from "./tamper/finding.ts";
import { TaskEvent } from "./task-event.ts";
import { TaskState, type AttemptEnd } from "./task-state.ts";
import { allTokens, nothingUsed } from "./used.ts";

const policy: Policy = {
  ...defaultPolicy,
  maxUsdPerDay: 50,
  maxOutages: 4,
  maxAgentFaults: 2,
  maxInterruptions: 4,
  maxCiErrors: 2,
};
const sha = (n: number) => n.toString(16).padStart(40, "0");

const created = (maxAttempts = 3): Extract<TaskEvent, { type: "task_created" }> => ({
  type: "task_created",
  at: 0,
  task: {
    id: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    repo: "/repos/a.git",
    base: "main",
    branch: "amp/a-g5fav",
    title: "Add a flag",
    prompt: "Add a flag",
    agent: "scripted",
    createdBy: "kim",
    createdAt: 0,
    ticket: {
      id: "T-1",
      digest: "",
      locks: ["flags", "read:cli"],
      dependencies: [],
      tags: [],
      protectedPaths: [],
    },
  },
  budget: { maxAttempts, maxAgentMs: 600_000, deadline: null, maxUsd: 10, maxTokens: 1_000 },
  fallbacks: ["other"],
});

/** What the world may answer to an action, in every way that a port allows; the first one leads towards the merge. */
function answers(
  action: Exclude<Action, { do: "wait" }>,
  state: TaskState,
  at: Instant,
  fresh: () => string,
): TaskEvent[][] {
  switch (action.do) {
    case "record":
      return [[action.event]];
    case "prepare": {
      const prepared: TaskEvent = {
        type: "prepared",
        at,
        worktree: "/w",
        base: sha(1),
        head: sha(1),
      };
      return [
        [prepared],
        [{ type: "issue_read", at, title: "Slugs", text: "" }, prepared],
        [overlaps(at, 1), prepared],
        [overlaps(at, 1)], // it waits for the other one
        [{ type: "errored", at, message: "the repository is gone" }],
      ];
    }
    case "run_turn": {
      const start: TaskEvent[] = [{ type: "turn_started", at, resumed: state.session !== null }];
      if (state.session === null) start.push({ type: "session_opened", at, session: "s" });
      const ended = (outcome: AttemptEnd, ms: number): TaskEvent => ({
        type: "turn_ended",
        at,
        ms,
        outcome,
        said: "done",
        ...(outcome === "limit" && { cap: "tokens" }),
      });
      const used = (usd: number): TaskEvent => ({
        type: "usage_recorded",
        at,
        agent: state.agent,
        tokens: { inputTokens: 20, outputTokens: 5, cacheReadTokens: 10, cacheWriteTokens: 5 },
        usd,
        source: "reported",
      });
      const asked: TaskEvent = {
        type: "permission_asked",
        at,
        ask: 1,
        tool: "write",
        input: "/etc/hosts",
        why: "/etc/hosts lies outside of the worktree",
      };
      const failed = (kind: string): TaskEvent => ({
        type: "turn_failed",
        at,
        ms: 5,
        kind,
        message: "no",
        retryAt: at + 1_000,
      });
      return [
        [...start, used(0.5), ended("completed", 1_000)],
        start, // the worker dies here
        [overlaps(at, 0)], // or waits for another task
        [...start, asked], // and here
        [...start, ended("stalled", 2_000)],
        [...start, ended("timed_out", action.wallMs)],
        [...start, used(4), ended("limit", 500)],
        ...["auth", "rate_limit", "context", "protocol"].map((kind) => [...start, failed(kind)]),
        [...start, requests[4]!(at), { type: "words_passed", at, count: 1 }, ended("completed", 5)],
        ...(["crash", "shutdown", "abort", "words", "attach", "day_cap"] as const).map((cause) => [
          ...start,
          { type: "turn_interrupted" as const, at, ms: 10, cause },
        ]),
      ];
    }
    case "recover_turn":
      return [[{ type: "turn_interrupted", at, ms: 7, cause: "crash" }]];
    case "commit": {
      const commit = fresh();
      const size = { files: 1, insertions: 1, deletions: 0 };
      return [
        [{ type: "committed", at, commit, tree: commit, base: sha(1), ...size }],
        [{ type: "nothing_changed", at, head: state.pushed ?? sha(1) }],
        [{ type: "committed", at, commit, tree: sha(5), base: sha(1), ...size }],
      ];
    }
    case "inspect": {
      const inspected = (findings: Finding[], preflight: boolean): TaskEvent[] => [
        { type: "inspected", at, commit: action.commit, findings, preflight },
      ];
      return [
        inspected([], false),
        inspected([], true),
        inspected([finding("undo")], false),
        inspected([finding("hold")], true),
        inspected([finding("allow")], true),
      ];
    }
    case "preflight": {
      const judged = (is: "passed" | "failed" | "errored"): TaskEvent[] => [
        {
          type: "preflight_judged",
          at,
          commit: action.commit,
          is,
          ms: 5,
          command: is === "passed" ? "" : "npm run lint",
          reason: "",
          excerpt: is === "failed" ? "1 problem" : "",
          log: "/l",
          failures: is === "failed" ? [failure("a semicolon is missing")] : [],
        },
      ];
      return [judged("passed"), judged("failed"), judged("errored")];
    }
    case "push":
      return [
        [{ type: "pushed", at, sha: action.commit }],
        [{ type: "pushed", at, sha: action.commit }, overlaps(at, 2)],
        [{ type: "push_rejected", at, found: sha(9), by: "moved", detail: "x" }],
        [{ type: "push_rejected", at, found: null, by: "declined", detail: "hook" }],
      ];
    case "read_ci":
      return [
        [{ type: "ci_passed", at, sha: action.sha, run: "r" }],
        [], // still running
        [{ type: "ci_failed", at, sha: action.sha, run: "r", jobs: ["test"] }],
        [{ type: "ci_errored", at, sha: action.sha, cause: "no disk", retryAt: at + 1_000 }],
        [{ type: "ci_missing", at, sha: action.sha, reason: "no ci.sh" }],
        ...(action.overdue ? [[{ type: "ci_timed_out" as const, at, sha: action.sha }]] : []),
      ];
    case "rerun_ci":
      return [[{ type: "ci_rerun", at, sha: action.sha }]];
    case "judge_base":
      return [
        [{ type: "base_judged", at, sha: action.sha, is: "passed", fingerprints: [] }],
        [], // still running
        [{ type: "base_judged", at, sha: action.sha, is: "failed", fingerprints: ["0f"] }],
        [{ type: "base_judged", at, sha: action.sha, is: "unknown", fingerprints: [] }],
      ];
    case "diagnose": {
      if (state.phase.name === "diagnosing" && !state.phase.asksBase && state.baseVerdict === null)
        return [[{ type: "base_asked", at, sha: sha(1) }]];
      const diagnosed = (lane: Lane, failures: Failure[]): TaskEvent[] => [
        {
          type: "diagnosed",
          at,
          sha: action.sha,
          lane,
          reason: "said so",
          retryAt: at + 1_000,
          excerpt: "1 failed",
          log: "/l",
          failures,
        },
      ];
      return [
        diagnosed("code", [failure("expected 42")]),
        diagnosed("code", [failure("expected 43"), failure("expected 44")]),
        ...Lane.options.map((lane) => diagnosed(lane, [])),
      ];
    }
    case "open_change": {
      const opened: TaskEvent = {
        type: "change_opened",
        at,
        sha: action.sha,
        change: "/repos/a.git#amp/a",
      };
      const keys = state.reviews.open.filter(({ told }) => told).map(({ key }) => key);
      const answered: TaskEvent = { type: "review_answered", at, keys, commit: action.sha };
      return [
        keys.length === 0 ? [opened] : [answered, opened],
        [{ type: "branch_moved", at, found: null, detail: "it was deleted" }],
        [{ type: "branch_moved", at, found: sha(9), detail: "it was moved" }],
      ];
    }
    case "rebase": {
      const here = state.phase.name === "rebasing" ? state.phase.sha : sha(1);
      return [
        [{ type: "rebased", at, commit: here, base: sha(2) }],
        [{ type: "rebased", at, commit: fresh(), base: sha(2) }],
        [{ type: "rebase_emptied", at, base: sha(2) }],
        [{ type: "merged", at, sha: here }],
        [{ type: "rebase_conflicted", at, base: sha(2), files: ["a.ts"] }],
      ];
    }
    case "merge":
      return [
        [{ type: "merged", at, sha: action.sha }],
        [{ type: "base_moved", at, base: sha(3) }],
        [{ type: "merge_refused", at, reason: "the tree is not clean" }],
        [{ type: "merge_queued", at, sha: action.sha, reason: "the merge queue of main" }],
      ];
    case "look_at_merge":
      return [
        [{ type: "merged", at, sha: action.sha }],
        [], // still in the queue
        [{ type: "base_moved", at, base: sha(3) }],
        [{ type: "merge_refused", at, reason: "it was taken out of the queue" }],
      ];
    case "withdraw_merge":
      return [[{ type: "merge_withdrawn", at }], [{ type: "merged", at, sha: action.sha }]];
    case "abort":
      return [[{ type: "aborted", at, by: action.by }]];
  }
}

const overlaps = (at: Instant, count: number): TaskEvent => ({
  type: "overlaps_found",
  at,
  others: Array.from({ length: count }, (_, n) => ({
    task: `01ARZ3NDEKTSV4RRFFQ69G5F${n}0`,
    title: "Another",
    commit: sha(7),
    files: ["a.ts"],
    conflicts: [],
  })),
});
const finding = (verdict: Finding["verdict"]): Finding => ({
  rule: "ci_changed",
  file: "ci.sh",
  line: 3,
  evidence: "exit 0",
  verdict,
});
const failure = (message: string): Failure => ({ tool: "pytest", kind: "test", message });

const requests: ((at: Instant, state?: TaskState) => TaskEvent)[] = [
  (at) => ({ type: "abort_requested", at, by: "kim" }),
  (at) => ({ type: "merge_requested", at, by: "kim" }),
  (at) => ({ type: "continue_requested", at, by: "kim", text: "go on", allow: [] }),
  (at) => ({ type: "continue_requested", at, by: "kim", text: "", allow: ["ci_changed"] }),
  (at) => ({ type: "continue_requested", at, by: "kim", text: "now", allow: [], interrupt: true }),
  (at) => ({ type: "attach_requested", at, by: "kim" }),
  (at) => ({ type: "detach_requested", at, by: "kim" }),
  (at) => ({ type: "permission_answered", at, by: "kim", ask: 1, allow: true }),
  // Half of them were seen before.
  (at) => ({
    type: "review_received",
    at,
    comments: [comment(`review:${at}`), comment(`review:${at % 7}`)],
  }),
  (at, state) => ({ type: "change_closed", at, by: "kim", merged: state?.green ?? null }),
  (at) => ({ type: "change_closed", at, by: null, merged: null }),
  // The one is for what has begun, the other for what has not.
  (at, state) =>
    state?.phase.name === "queued"
      ? {
          type: "ticket_changed",
          at,
          by: "kim",
          task: { ...state.task, title: "Another" },
          budget: state.budget,
        }
      : { type: "locks_released", at, by: null, reason: "it rests" },
];

const comment = (key: string): ReviewComment => ({
  key,
  by: "kim",
  text: "why?",
  path: "a.ts",
  line: 3,
  url: "https://github.test/1",
});

/** What the other tasks have found, now and then: a provider that refuses, a day whose money is spent. */
const installations: ((now: Instant) => Installation)[] = [
  () => aloneInstallation,
  (now) => ({
    ...aloneInstallation,
    parked: [
      { agent: "scripted", kind: "rate_limit", message: "no", since: now, until: now + 3_600_000 },
    ],
  }),
  (now) => ({
    ...aloneInstallation,
    usedToday: { ...nothingUsed, usd: 100 },
    dayEndsAt: now + 3_600_000,
  }),
];

/** Most answers are good ones, or no walk would come as far as a merge. */
const mostlyGood = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat(20) },
);

/** A walk through the machine: at each step the world answers in one of its ways, and now and then a person asks for something. */
const walks = fc.array(
  fc.record({
    answer: mostlyGood,
    // A person in the worktree leaves it soon, or most walks would end there.
    request: fc.option(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 8, 9, 10, 11), { freq: 6 }),
    around: fc.oneof(
      { weight: 20, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.nat(installations.length - 1) },
    ),
    pause: fc.constantFrom(0, 10, 2_000, 8_000_000),
  }),
  {
    minLength: 5,
    maxLength: 120,
    size: "medium",
  },
);

interface Step {
  requested: TaskEvent | null;
  before: TaskState;
  action: Action;
  events: TaskEvent[];
  after: TaskState;
}

function walk(
  choices: { answer: number; request: number | null; around: number; pause: number }[],
  maxAttempts = 3,
): Step[] {
  let state = begin(created(maxAttempts));
  let now = 1;
  let commits = 100;
  const steps: Step[] = [];
  for (const { answer, request, around, pause } of choices) {
    now += pause;
    const requested = request === null ? null : requests[request]!(now, state);
    if (requested !== null) state = evolve(state, requested);
    const before = state;
    const action = decide(state, now, policy, installations[around]!(now), answer % 4 !== 3);
    if (action.do === "wait") {
      steps.push({ requested, before, action, events: [], after: state });
      if (action.until !== null) now = Math.max(now, action.until);
      continue;
    }
    const ways = answers(action, state, now, () => sha(commits++));
    const events = ways[answer % ways.length]!;
    for (const event of events) state = evolve(state, event);
    steps.push({ requested, before, action, events, after: state });
  }
  return steps;
}

describe("whatever the world answers and people ask for", () => {
  const always = (property: (steps: Step[]) => void) =>
    fc.assert(
      fc.property(walks, (choices) => property(walk(choices))),
      { numRuns: 2_000 },
    );

  test("no event arrives in a phase that cannot have caused it, and every state and event is well-formed", () => {
    always((steps) => {
      for (const { events, after } of steps) {
        for (const event of events) TaskEvent.parse(event);
        TaskState.parse(after);
      }
    });
  });

  test("there is a way on from every state: it waits for a moment, or rests and says why", () => {
    always((steps) => {
      for (const { before, action } of steps) {
        if (action.do !== "wait") continue;
        expect(action.reason).not.toBe("");
        if (action.until === null)
          expect(isAtRest(before) || before.requests.attach !== null || waitsItsTurn(before)).toBe(
            true,
          );
      }
    });
  });

  test("a turn is only started within the budget, and while nobody is in the worktree", () => {
    always((steps) => {
      for (const { before, action } of steps) {
        if (action.do !== "run_turn") continue;
        expect(before.spent.attempts).toBeLessThan(before.budget.maxAttempts);
        expect(before.spent.agentMs + action.wallMs).toBeLessThanOrEqual(before.budget.maxAgentMs);
        const { maxUsd = Infinity, maxTokens = Infinity } = before.budget;
        expect(before.spent.usage.usd).toBeLessThan(maxUsd);
        expect(allTokens(before.spent.usage)).toBeLessThan(maxTokens);
        expect(before.requests.attach).toBeNull();
        expect(needsSlot(before)).toBe(true);
        expect(before.locks).toEqual(locksOf(before));
      }
    });
  });

  test("only a person's words raise the budget, and attempts are spent by finished and stalled turns alone", () => {
    always((steps) => {
      for (const { before, events, after } of steps) {
        const continued = events.filter((event) => event.type === "continued").length;
        const ended = events.filter((event) => event.type === "turn_ended").length;
        if (continued === 0) expect(after.budget).toEqual(before.budget);
        expect(after.spent.attempts - before.spent.attempts).toBe(ended);
        expect(after.attempts.length).toBe(after.spent.attempts);
      }
    });
  });

  test("success has a passing verdict of the very commit that was pushed last", () => {
    always((steps) => {
      const green = new Set<string>();
      for (const { events, after } of steps) {
        for (const event of events) if (event.type === "ci_passed") green.add(event.sha);
        if (statusOf(after) !== "success" || !("sha" in after.phase)) continue;
        expect(green).toContain(after.phase.sha);
        expect(after.pushed).toBe(after.phase.sha);
      }
    });
  });

  test("nothing is merged that was not green on top of the base it is merged into", () => {
    always((steps) => {
      const green = new Set<string>();
      for (const { action, events } of steps) {
        for (const event of events) if (event.type === "ci_passed") green.add(event.sha);
        if (action.do === "merge") expect(green).toContain(action.sha);
      }
    });
  });

  test("a merge keeps its lock until it is over, whatever CI says meanwhile", () => {
    const good = { answer: 0, request: null, around: 0, pause: 0 };
    const steps = walk(Array.from({ length: 40 }, () => good));
    const untilReady = steps.findIndex(({ after }) => after.phase.name === "ready") + 1;
    // It is asked for, and the base has moved: the second answer to a rebase is another commit, for CI to judge.
    const intoMerge = [
      ...Array.from({ length: untilReady }, () => good),
      { ...good, request: 1 },
      { ...good, answer: 1 },
    ];
    const ofMerges = ["rebasing", "pushing", "awaiting_ci", "diagnosing", "merging"];
    let looks = 0;
    fc.assert(
      fc.property(walks, (choices) => {
        for (const { before, after } of walk([...intoMerge, ...choices])) {
          const { name: phase } = after.phase;
          if (lockOf(before) === null || !ofMerges.includes(phase)) continue;
          if (phase === "diagnosing") looks++;
          expect([phase, lockOf(after)]).toEqual([phase, lockOf(before)]);
        }
      }),
      { numRuns: 2_000, seed: 7 },
    );
    expect(looks).toBeGreaterThan(0);
  });

  test("nothing is pushed or done that the gate did not look at last, and found nothing that a person must see", () => {
    always((steps) => {
      const clean = new Set<string>();
      // What was looked at before it was put on a newer base, and is looked at again before it is called green.
      const rebased = new Set<string>();
      for (const { action, events } of steps) {
        for (const event of events) {
          if (event.type === "rebased") rebased.add(event.commit);
          if (event.type !== "inspected") continue;
          if (event.findings.every(({ verdict }) => verdict === "allow")) clean.add(event.commit);
          else clean.delete(event.commit);
        }
        if (action.do === "push" && !rebased.has(action.commit))
          expect(clean).toContain(action.commit);
        if (action.do === "open_change") expect(clean).toContain(action.sha);
      }
    });
  });

  test("a red that is not the code's starts no turn by itself", () => {
    always((steps) => {
      for (const [index, { events }] of steps.entries()) {
        const diagnosed = events.find((event) => event.type === "diagnosed");
        if (diagnosed === undefined || diagnosed.lane === "code") continue;
        expect(["awaiting_ci", "needs_review"]).toContain(steps[index]?.after.phase.name);
      }
    });
  });

  test("an approach that does not lead on is changed once; after that a person is asked", () => {
    always((steps) => {
      let changed = 0;
      for (const { events } of steps) {
        for (const event of events) {
          if (event.type === "continued" || event.type === "review_accepted") changed = 0;
          if (event.type === "started_afresh") changed++;
        }
        expect(changed).toBeLessThanOrEqual(1);
      }
    });
  });

  test("a comment is passed on once, and is waiting, with the agent or answered, never lost", () => {
    always((steps) => {
      const last = steps.at(-1)?.after;
      if (last === undefined || last.phase.name === "merged") return;
      const { received, waiting, open } = last.reviews;
      const keys = steps.flatMap(({ events }) =>
        events.flatMap((event) => (event.type === "review_answered" ? event.keys : [])),
      );
      keys.push(...waiting.map(({ key }) => key), ...open.map(({ key }) => key));
      expect(keys.toSorted()).toEqual(received.toSorted());
      expect(new Set(received).size).toBe(received.length);
    });
  });

  test("comments that started an attempt start no other before the agent had its turn", () => {
    always((steps) => {
      let waits = false;
      for (const { type } of steps.flatMap(({ events }) => events)) {
        if (type === "review_accepted") {
          expect(waits).toBe(false);
          waits = true;
        }
        if (type === "turn_started" || type === "continued") waits = false;
      }
    });
  });

  test("an abort ends the task unless its merge has begun, and is never left unanswered", () => {
    always((steps) => {
      for (const { before, action } of steps) {
        if (before.requests.abort === null) continue;
        if (before.phase.name === "merging" && before.phase.started) continue;
        expect(["abort", "recover_turn", "withdraw_merge", "record"]).toContain(action.do);
      }
    });
  });

  test("the events alone give the same state again", () => {
    fc.assert(
      fc.property(walks, (choices) => {
        const steps = walk(choices.map((choice) => ({ ...choice, request: null })));
        const events = steps.flatMap((step) => step.events);
        const folded = events.reduce(evolve, begin(created()));
        expect(folded).toEqual(steps.at(-1)?.after);
      }),
      { numRuns: 300 },
    );
  });
});

test("a task that has lost its locks and can only be given up takes none", () => {
  const at = 1;
  const state = evolve(
    evolve(evolve(begin(created()), { type: "started", at, locks: ["flags", "read:cli"] }), {
      type: "prepared",
      at,
      worktree: "/w",
      base: sha(1),
      head: sha(1),
    }),
    { type: "locks_released", at, by: "kim", reason: "" },
  );
  expect(decide(state, at, policy)).toMatchObject({ event: { type: "locks_taken" } });
  expect(decide(state, at, policy, aloneInstallation, false)).toMatchObject({ do: "wait" });
  const late = { ...state, budget: { ...state.budget, deadline: at } };
  expect(decide(late, at, policy)).toMatchObject({
    event: { type: "gave_up", reason: "deadline_passed" },
  });
});

test("every event of the union is reached by some walk, so that the properties above speak of all of them", () => {
  const seen = new Set<string>(["task_created"]);
  fc.assert(
    fc.property(walks, (choices) => {
      let wasAttached = false;
      for (const step of walk(choices, 8)) {
        for (const event of step.events) seen.add(event.type);
        for (const [flag, type] of [
          ["abort", "abort_requested"],
          ["merge", "merge_requested"],
          ["attach", "attach_requested"],
        ] as const)
          if (step.before.requests[flag] !== null) seen.add(type);
        if (step.before.requests.words.length > 0) seen.add("continue_requested");
        if (wasAttached && step.before.requests.attach === null) seen.add("detach_requested");
        wasAttached = step.before.requests.attach !== null;
        const { phase } = step.before;
        if (phase.name === "coding" && phase.turn?.asks.some(({ answer }) => answer !== null))
          seen.add("permission_answered");
        if (step.before.reviews.received.length > 0) seen.add("review_received");
        if (step.before.closed !== null) seen.add("change_closed");
        if (step.requested?.type === "locks_released" || step.requested?.type === "ticket_changed")
          seen.add(step.requested.type);
      }
    }),
    { numRuns: 40_000, seed: 7 },
  );
  const all = TaskEvent.options.map((option) => option.shape.type.value);
  expect(all.filter((type) => !seen.has(type))).toEqual([]);
});
