import { expect, test } from "vitest";
import { begin, evolve } from "./evolve.ts";
import { newTask, type TaskDefaults } from "./new-task.ts";
import { taskTitle } from "./task-title.ts";

const defaults: TaskDefaults = {
  agent: "amp",
  maxAttempts: 5,
  maxMinutes: 0.5,
  branchPrefix: "amp/",
  fallbacks: ["codex", "claude"],
  maxUsd: undefined,
  maxTokens: 1_000,
  ticketBranches: "ampx",
};
const wish = { repo: "/r.git", base: "main", createdBy: "kim" };
const id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

test("what a wish does not say is by the defaults; its own agent is no fallback of itself", () => {
  const created = newTask({ ...wish, prompt: "Mend it.\nAll.", agent: "codex" }, defaults, id, 7);
  expect(created).toEqual({
    type: "task_created",
    at: 7,
    task: {
      ...wish,
      id,
      branch: "amp/mend-it-9g5fav",
      title: "Mend it.",
      prompt: "Mend it.\nAll.",
      agent: "codex",
      createdAt: 7,
    },
    budget: { maxAttempts: 5, maxAgentMs: 30_000, deadline: null, maxTokens: 1_000 },
    fallbacks: ["claude"],
  });
});

test("a task for an issue goes by its number until the issue was read, unless it was given a title", () => {
  const created = newTask({ ...wish, issue: 12 }, defaults, id, 7);
  expect(created.task).toMatchObject({
    issue: 12,
    title: "Issue #12",
    prompt: "Do what issue #12 asks for.",
    branch: "amp/issue-12-9g5fav",
  });
  const started = evolve(begin(created), { type: "started", at: 8 });
  const read = evolve(started, { type: "issue_read", at: 9, title: "Wrong price", text: "12.5" });
  expect(taskTitle(started)).toBe("Issue #12");
  expect(taskTitle(read)).toBe("Wrong price");
  const titled = newTask({ ...wish, issue: 12, title: "Mine", prompt: "x" }, defaults, id, 7);
  expect(taskTitle({ task: titled.task, issue: read.issue })).toBe("Mine");
});
