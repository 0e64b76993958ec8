import { expect, test } from "vitest";
import { decide } from "./decide.ts";
import { begin, evolve } from "./evolve.ts";
import { aloneInstallation, type Installation } from "./installation.ts";
import { defaultPolicy } from "./policy.ts";
import type { TaskEvent } from "./task-event.ts";
import { created } from "./task-fixture.ts";
import type { TaskState } from "./task-state.ts";
import type { Budget } from "./task.ts";
import { nothingUsed } from "./used.ts";

const minute = 60_000;
const turn: TaskEvent = { type: "turn_started", at: 1, resumed: false };

function task(budget: Partial<Budget> = {}, fallbacks: string[] = []): TaskState {
  const { task: asked, ...event } = created({
    maxAttempts: 4,
    maxAgentMs: 60 * minute,
    ...budget,
  });
  const state = begin({ ...event, task: { ...asked, agent: "claude" }, fallbacks });
  return after(
    state,
    { type: "started", at: 0 },
    { type: "prepared", at: 0, worktree: "/w", base: "a".repeat(40), head: "a".repeat(40) },
  );
}

function after(state: TaskState, ...events: TaskEvent[]): TaskState {
  return events.reduce(evolve, state);
}

function used(usd: number | null, inputTokens = 100): TaskEvent {
  const tokens = { inputTokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return { type: "usage_recorded", at: 1, agent: "claude", tokens, usd, source: "reported" };
}

function failed(kind: string, retryAt: number): TaskEvent {
  return { type: "turn_failed", at: 1, ms: 1, kind, message: "usage limit reached", retryAt };
}

function parked(agent: string, kind: string, until: number): Installation {
  return { ...aloneInstallation, parked: [{ agent, kind, message: "no more", since: 0, until }] };
}

const next = (state: TaskState, now = 10, installation = aloneInstallation) =>
  decide(state, now, { ...defaultPolicy, maxUsdPerDay: 20 }, installation);

test("a turn is told what is left of the task's caps and of the day's", () => {
  const state = after(task({ maxUsd: 5, maxTokens: 1_000 }), turn, used(1.5), {
    type: "turn_interrupted",
    at: 1,
    ms: 1,
    cause: "crash",
  });
  expect(next(state, 10, { ...aloneInstallation, usedToday: { ...nothingUsed, usd: 18 } })).toEqual(
    {
      do: "run_turn",
      wallMs: expect.any(Number),
      left: { usd: 3.5, tokens: 900 },
      day: { usd: 2, tokens: null },
    },
  );
});

test.each([
  ["usd_spent", { maxUsd: 1.5 }, "$1.50 of $1.50"],
  ["tokens_spent", { maxTokens: 100 }, "100 of 100 tokens"],
] as const)("no turn begins when nothing is left: %s", (reason, budget, detail) => {
  const state = after(task(budget), turn, used(1.5), failed("overloaded", 1));
  expect(next(state)).toEqual({ do: "record", event: { type: "gave_up", at: 10, reason, detail } });
});

test("a cap that ended a turn holds, although less was told", () => {
  const ended: TaskEvent = {
    type: "turn_ended",
    at: 1,
    ms: 1,
    outcome: "limit",
    said: "",
    cap: "tokens",
  };
  const state = after(task({ maxTokens: 1_000 }), turn, used(null), ended, {
    type: "nothing_changed",
    at: 1,
    head: "a".repeat(40),
  });
  expect(next(state)).toMatchObject({ event: { type: "gave_up", reason: "tokens_spent" } });
  const resting = after(state, {
    type: "gave_up",
    at: 1,
    reason: "tokens_spent",
    detail: "",
  });
  const wish = { at: 2, by: "kim", text: "", allow: [] };
  const asked = after(resting, {
    type: "continue_requested",
    ...wish,
    budget: { maxTokens: 9_000 },
  });
  const granted = next(asked);
  expect(granted).toMatchObject({
    event: { type: "continued", budget: { maxTokens: 9_000, maxAttempts: 5 } },
  });
  if (granted.do !== "record") throw new Error("nothing granted");
  expect(next(after(asked, granted.event))).toMatchObject({
    do: "run_turn",
    left: { tokens: 8_900 },
  });
});

test("without a word on it, whoever lets a task go on grants it room for one more attempt", () => {
  const spent = after(
    task({ maxUsd: 4, maxTokens: 400 }),
    turn,
    used(4.2, 500),
    failed("overloaded", 1),
    { type: "gave_up", at: 1, reason: "usd_spent", detail: "" },
    { type: "continue_requested", at: 2, by: "kim", text: "", allow: [] },
  );
  expect(next(spent)).toMatchObject({
    event: { type: "continued", budget: { maxUsd: 5.2, maxTokens: 600 } },
  });
});

test("a day whose money is spent waits for the next one and says so", () => {
  const spent = { ...aloneInstallation, usedToday: { ...nothingUsed, usd: 20 }, dayEndsAt: 999 };
  expect(next(task(), 10, spent)).toEqual({
    do: "wait",
    until: 999,
    reason: "tomorrow: all tasks together have used $20.00 today, and no more is allowed",
  });
});

test("what another task has met is not tried again before its time", () => {
  expect(next(task(), 10, parked("claude", "rate_limit", 90 * minute))).toEqual({
    do: "wait",
    until: 90 * minute,
    reason: "claude to work again: no more",
  });
  expect(next(task(), 10, parked("codex", "rate_limit", 90 * minute))).toMatchObject({
    do: "run_turn",
  });
  expect(next(task(), 90 * minute, parked("claude", "rate_limit", 90 * minute))).toMatchObject({
    do: "run_turn",
  });
});

test("a login that is refused waits for a person, by itself", () => {
  const state = after(task(), turn, failed("auth", 5_000));
  expect(next(state, 10, parked("claude", "auth", 5 * minute))).toEqual({
    do: "wait",
    until: 5 * minute,
    reason: "you to sign in: no more",
  });
});

test("another agent goes on when this one is refused for long, told what was done", () => {
  const state = after(task({}, ["codex", "amp"]), turn, failed("rate_limit", 90 * minute));
  const short = after(task({}, ["codex"]), turn, failed("rate_limit", 2 * minute));
  expect(next(short)).toMatchObject({ do: "wait" });
  const switched = next(state, 10, parked("codex", "overloaded", 3 * minute));
  expect(switched).toMatchObject({ event: { type: "agent_switched", to: "amp" } });
  if (switched.do !== "record") throw new Error("nobody else");
  const onAmp = after(state, switched.event);
  expect(onAmp).toMatchObject({ agent: "amp", session: null });
  expect(next(onAmp)).toMatchObject({ do: "run_turn" });
});

test("when all are refused it waits", () => {
  const state = after(task({}, ["codex"]), turn, failed("rate_limit", 90 * minute));
  expect(next(state, 10, parked("codex", "rate_limit", 80 * minute))).toMatchObject({
    do: "wait",
    until: 90 * minute,
  });
});

test("a person in the worktree keeps turns away, and one that runs is ended for them", () => {
  const attach: TaskEvent = { type: "attach_requested", at: 2, by: "kim" };
  const idle = after(task(), attach);
  expect(next(idle)).toEqual({ do: "wait", until: null, reason: "kim, who works in the worktree" });
  expect(next(after(task(), turn, attach))).toEqual({ do: "recover_turn" });
  expect(next(after(idle, { type: "detach_requested", at: 3, by: "kim" }))).toMatchObject({
    do: "run_turn",
  });
});

test("what lies in the worktree is neither committed nor put back while a person is in it", () => {
  const ended: TaskEvent = { type: "turn_ended", at: 1, ms: 1, outcome: "completed", said: "" };
  const checking = after(task(), turn, ended);
  const commit = "c".repeat(40);
  const preflighting = after(
    checking,
    {
      type: "committed",
      at: 1,
      commit,
      tree: commit,
      base: "a".repeat(40),
      files: 1,
      insertions: 1,
      deletions: 0,
    },
    { type: "inspected", at: 1, commit, findings: [], preflight: true },
  );
  for (const state of [checking, preflighting]) {
    const held = after(state, { type: "attach_requested", at: 2, by: "kim" });
    expect(next(held)).toEqual({
      do: "wait",
      until: null,
      reason: "kim, who works in the worktree",
    });
    expect(next(after(held, { type: "detach_requested", at: 3, by: "kim" })).do).not.toBe("wait");
  }
});
