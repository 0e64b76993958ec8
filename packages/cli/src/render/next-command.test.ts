import type { TaskDetail } from "@ampx/core";
import { expect, test } from "vitest";
import { nextCommand } from "./next-command.ts";
import { taskDetail } from "./task-view-fixture.ts";

const commit = "a".repeat(40);

test.for<[string, TaskDetail["phase_facts"], string]>([
  [
    "a merge that was refused",
    { name: "needs_review", reason: "merge_refused", detail: "a review is missing" },
    "ampx merge x4k2pa",
  ],
  [
    "a branch that somebody deleted",
    {
      name: "needs_review",
      reason: "branch_moved",
      detail: "it is gone",
      again: { do: "push", commit },
    },
    "ampx continue x4k2pa",
  ],
  ["a conflict", { name: "needs_review", reason: "conflict", detail: "a" }, "ampx continue x4k2pa"],
  [
    "a token that was revoked",
    { name: "error", message: "401", again: { do: "judge", commit } },
    "ampx continue x4k2pa",
  ],
  [
    "an error of the work",
    { name: "error", message: "no" },
    'ampx continue x4k2pa -m "what to do"',
  ],
])("%s", ([, facts, command]) => {
  const status = facts.name === "error" ? "error" : "needs_review";
  const task = taskDetail({ status, phase: facts.name, phase_facts: facts });
  expect(nextCommand(task)).toBe(command);
});
