import { loadConfig } from "@ampx/core";
import { expect, test } from "vitest";
import { lockRules, scheduleRules } from "./schedule-rules.ts";
import { looseRules } from "./scheduling.ts";

const hour = 3_600_000;

test("each setting of the config is the rule of its name", () => {
  const config = configOf(
    "slots_per_repo: 2",
    "slots_per_agent: 3",
    "tickets: { age_hours: 5, start_after: green, hold_locks: green, lock_hours: 7 }",
  );
  expect(scheduleRules(config)).toEqual({
    perRepo: 2,
    perAgent: 3,
    ageMs: 5 * hour,
    startAfter: "green",
  });
  expect(lockRules(config)).toEqual({ holdUntil: "green", maxRestMs: 7 * hour });
});

test("nothing said limits no repository and no agent, and holds locks until the merge", () => {
  const config = configOf();
  const { perRepo, perAgent } = looseRules;
  expect(scheduleRules(config)).toEqual({
    perRepo,
    perAgent,
    ageMs: 4 * hour,
    startAfter: "merged",
  });
  expect(lockRules(config)).toEqual({ holdUntil: "merged", maxRestMs: 24 * hour });
});

function configOf(...lines: string[]) {
  return loadConfig({ userYaml: { file: "config.yaml", text: lines.join("\n") } }).config;
}
