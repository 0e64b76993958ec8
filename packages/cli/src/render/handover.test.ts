import type { TaskDetail } from "@ampx/core";
import { describe, expect, test } from "vitest";
import { workInProgress } from "../attach/free-worktree.ts";
import { attachedText, leftText } from "./attach-text.ts";
import { continuedText } from "./continued-text.ts";
import { plain } from "./paint.ts";
import { now, taskDetail, usedNothing } from "./task-view-fixture.ts";

const brief = {} as Extract<TaskDetail["phase_facts"], { name: "coding" }>["brief"];
const coding = (runs: boolean): TaskDetail => {
  const turn = { number: 1, startedAt: now, usage: used, asks: [] };
  return taskDetail({
    phase: "coding",
    phase_facts: {
      name: "coding",
      brief,
      turn: runs ? turn : null,
      outages: null,
      interruptions: 0,
    },
  });
};
const used = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  tokensKnown: usedNothing.tokens_known,
  usd: 0,
  usdKnown: usedNothing.usd_known,
};

describe("continue says what becomes of what was said", () => {
  const words = { words: true, interrupt: false };
  const outcome = (task: TaskDetail, said = words) =>
    continuedText(task, said, plain).split("\n")[0];

  test("by what the task is doing", () => {
    expect([
      outcome(taskDetail()),
      outcome(coding(false)),
      outcome(coding(true)),
      outcome(coding(true), { words: true, interrupt: true }),
      outcome(coding(true), { words: false, interrupt: false }),
      outcome({ ...coding(false), attached_by: "grace" }),
    ]).toMatchInlineSnapshot(`
      [
        "✓ x4k2pa goes on",
        "✓ x4k2pa goes on",
        "✓ x4k2pa works; your words wait for its next turn (--interrupt does not wait)",
        "✓ x4k2pa hears your words at once: in the turn that runs, or in a new one that replaces it",
        "✓ x4k2pa works; what you changed counts from the end of this turn on",
        "✓ x4k2pa goes on when grace has left the worktree",
      ]
    `);
  });
});

describe("a worktree is free for a person", () => {
  test("when no turn runs and what the last one left was looked at", () => {
    expect(workInProgress(coding(true))).toBe("the agent's turn is being ended");
    expect(workInProgress(coding(false))).toBeNull();
    expect(workInProgress(taskDetail())).toBeNull();
    const checking = { name: "checking", brief, outcome: "completed", said: "" } as const;
    expect(workInProgress(taskDetail({ phase_facts: checking }))).not.toBeNull();
  });

  test("and not while the branch is rebased, but when that waits for the person", () => {
    const rebasing = taskDetail({
      phase_facts: { name: "rebasing", sha: "a".repeat(40) },
      waiting_for: null,
    });
    expect(workInProgress(rebasing)).not.toBeNull();
    expect(
      workInProgress({ ...rebasing, waiting_for: "ada, who works in the worktree" }),
    ).toBeNull();
  });
});

describe("attach", () => {
  const attached = {
    task: taskDetail(),
    worktree: "/home/ada/my work/x",
    command: ["claude", "--resume", "it's"],
  };

  test("prints the folder and the command as a shell takes them", () => {
    expect(attachedText(attached, false, plain)).toMatchInlineSnapshot(`
      "✓ x4k2pa is held for you until ampx attach x4k2pa --leave
        cd '/home/ada/my work/x'
        claude --resume 'it'\\''s'"
    `);
    expect(attachedText(attached, true, plain)).toMatchInlineSnapshot(`
      "✓ x4k2pa is held for you until this ends: claude --resume 'it'\\''s'
        in /home/ada/my work/x
      "
    `);
  });

  test("says at the end how the task goes on", () => {
    expect([leftText(coding(false), plain), leftText(taskDetail(), plain)]).toMatchInlineSnapshot(`
      [
        "✓ x4k2pa is given back: its agent goes on with what lies in the worktree
        tell it more: ampx continue x4k2pa -m "…"",
        "✓ x4k2pa is given back
        to hand over what you changed: ampx continue x4k2pa -m "…"",
      ]
    `);
  });
});
