import { expect, test } from "vitest";
import type { WaitReason } from "./schedule.ts";
import { waitText } from "./wait-text.ts";

const name = (task: string) => `AUTH-11 (${task})`;
const now = 100 * 86_400_000;
const minutes = 60_000;

const lock = {
  for: "lock",
  name: "user-auth",
  holder: "01h3xa",
  is: "holding",
  since: now - 12.9 * minutes,
  ahead: 0,
} as const;

test.each<[string, WaitReason]>([
  ["you: everything is paused (ampx resume)", { for: "pause", repo: null }],
  ["you: /srv/shop is paused (ampx resume --repo /srv/shop)", { for: "pause", repo: "/srv/shop" }],
  ["ticket AUTH-11 (01h3xa) to be merged", { for: "dependency", task: "01h3xa" }],
  [
    "ticket AUTH-11 (01h3xa), which was aborted: enqueue it again with --update, or abort this one",
    { for: "failed_dependency", task: "01h3xa", reason: "was aborted" },
  ],
  [
    "ticket AUTH-11 (01h3xa), which needs a person: see to it",
    {
      for: "failed_dependency",
      task: "01h3xa",
      reason: "needs a person",
      tryThis: "see to it",
    },
  ],
  ["lock user-auth, held by AUTH-11 (01h3xa) since 12 min", lock],
  ["lock user-auth, held by AUTH-11 (01h3xa)", { ...lock, since: null }],
  [
    "lock user-auth, held by AUTH-11 (01h3xa) since 12 min; then 1 task before it",
    { ...lock, ahead: 1 },
  ],
  [
    "lock user-auth, held by AUTH-11 (01h3xa) since 3 h, which waits for a person; then 2 tasks before it",
    { ...lock, is: "resting", since: now - 200 * minutes, ahead: 2 },
  ],
  [
    "lock user-auth, which AUTH-11 (01h3xa) is about to take",
    { ...lock, is: "beginning", since: null },
  ],
  [
    "lock user-auth, which AUTH-11 (01h3xa) gets first; then 2 tasks before it",
    { ...lock, is: "waiting", since: null, ahead: 2 },
  ],
  [
    "a slot of /srv/shop: 2 of its agents work; then 3 tasks before it",
    { for: "repo_limit", repo: "/srv/shop", running: 2, ahead: 3 },
  ],
  [
    "a slot of /srv/shop: 1 of its agents works",
    { for: "repo_limit", repo: "/srv/shop", running: 1, ahead: 0 },
  ],
  [
    "a slot of agent amp: 2 tasks work with it",
    { for: "agent_limit", agent: "amp", running: 2, ahead: 0 },
  ],
  ["its turn", { for: "place", ahead: 0 }],
  ["its turn: 1 task before it", { for: "place", ahead: 1 }],
  ["its turn: 3 tasks before it", { for: "place", ahead: 3 }],
])("%s", (text, reason) => {
  expect(waitText(reason, name, now)).toBe(text);
});

test("a ticket may only have to be green", () => {
  expect(waitText({ for: "dependency", task: "01h3xa" }, name, now, "green")).toBe(
    "ticket AUTH-11 (01h3xa) to be green",
  );
});

test.each([
  [now - 40_000, "40 s"],
  [now - 60 * minutes, "1 h"],
  [now - 3 * 24 * 60 * minutes, "3 d"],
  // The clock was set back.
  [now + 1, "0 s"],
])("a lock held since %d is held for %s", (since, age) => {
  expect(waitText({ ...lock, since }, name, now)).toBe(
    `lock user-auth, held by AUTH-11 (01h3xa) since ${age}`,
  );
});
