import type { TaskRow } from "@ampx/store";
import { expect } from "vitest";
import {
  makeGitHubWorld,
  wants42,
  type GitHubWorld,
  type GitHubWorldOptions,
} from "../github-tasks/github-world.ts";

/** A task's life on GitHub, told so that it has one end whatever is killed on the way. What people do hangs on the state alone. */
export interface GitHubScenario {
  name: string;
  make(): Promise<GitHubWorld>;
  createTask?(world: GitHubWorld): Promise<string>;
  /** Everything until the end, which it waits for. */
  play(world: GitHubWorld, id: string): Promise<TaskRow>;
}

/** What a kill must not change, counted at GitHub. */
export interface GitHubOutcome {
  phase: string;
  attempts: number;
  pulls: number;
  /** Comments of all kinds, whoever made them. */
  comments: number;
  /** Attempts of runs, by event and branch. */
  runs: Record<string, number>;
  merges: number;
  branches: string[];
}

export async function gitHubOutcome(
  { store, repository }: GitHubWorld,
  { state, seq }: TaskRow,
): Promise<GitHubOutcome> {
  const events = await store.newestEvents(state.task.id, 1_000);
  expect(events.map((event) => event.seq)).toEqual(Array.from({ length: seq }, (_, n) => n + 1));
  const issues = repository.issues();
  const runs: Record<string, number> = {};
  for (const { event, branch, attempts } of repository.runs()) {
    // The branch of a merge queue is named by a commit.
    const name = `${event} on ${event === "merge_group" ? "the queue" : branch}`;
    runs[name] = (runs[name] ?? 0) + attempts.length;
  }
  return {
    phase: state.phase.name,
    attempts: state.spent.attempts,
    pulls: issues.filter(({ pull }) => pull !== undefined).length,
    comments: issues.reduce(
      (sum, { comments, pull }) => sum + comments.length + (pull?.reviewComments.length ?? 0),
      0,
    ),
    runs,
    merges: issues.filter(({ pull }) => pull?.mergedAt !== undefined).length,
    branches: await repository.branches(),
  };
}

/** `first` until that is committed, then 42: the same again when it is asked twice, as after a kill. */
const corrects = (first: string) => [
  {
    run: `if git log -1 --format=%B | grep -q Ampx-Attempt; then echo 42 > answer; else echo ${first} > answer; fi`,
  },
  { say: "I think that is it." },
];
const turns = (first: string) => Array.from({ length: 4 }, () => corrects(first));

const anyAnswer = wants42.replace(/ {6}- run: \|[\s\S]*$/, "      - run: test -s answer\n");
const quick = { review_seconds: 0.2, review_debounce_seconds: 0.2 };

function make({ config, ...options }: GitHubWorldOptions): Promise<GitHubWorld> {
  return makeGitHubWorld({ ...options, config: { lease_seconds: 1, ...config } });
}

const isReady = ({ state, leaseHolder }: TaskRow) =>
  leaseHolder === null && state.phase.name === "ready";

export const gitHubScenarios: GitHubScenario[] = [
  {
    name: "red, green, merged",
    make: () =>
      make({
        turns: turns("41"),
        config: { github: { labels: ["by-ampx"], reviewers: ["kim"] } },
      }),
    async play(world, id) {
      await world.ends(id, "ready");
      await world.merge(id);
      return world.ends(id, "merged");
    },
  },
  {
    name: "a review asks for a change and is answered",
    make: () =>
      make({
        turns: turns("41"),
        files: { ".github/workflows/ci.yml": anyAnswer },
        config: { github: quick },
      }),
    async play(world, id) {
      world.repository.collaborator("kim", "write");
      await world.ends(id, "ready");
      world.repository.review(1, {
        by: "kim",
        state: "CHANGES_REQUESTED",
        body: "Not 41.",
        comments: [{ path: "answer", line: 1, body: "Make it 42." }],
      });
      return world.until(
        id,
        (row) =>
          isReady(row) &&
          row.state.reviews.received.length === 2 &&
          row.state.reviews.waiting.length === 0 &&
          row.state.reviews.open.length === 0,
      );
    },
  },
  {
    name: "left to a merge queue",
    make: () =>
      make({
        answers: ["42"],
        files: {
          ".github/workflows/ci.yml": wants42.replace("on: push", "on: [push, merge_group]"),
        },
      }),
    async play(world, id) {
      world.repository.addRuleset({ branches: ["main"], mergeQueue: true });
      world.github.plan({ event: "merge_group" }, { execute: true, afterMs: 1_000 });
      await world.ends(id, "ready");
      await world.merge(id);
      return world.ends(id, "merged");
    },
  },
  {
    name: "taken back from a merge queue, for words",
    make: () =>
      make({
        turns: turns("41"),
        files: {
          ".github/workflows/ci.yml": anyAnswer.replace("on: push", "on: [push, merge_group]"),
        },
      }),
    async play(world, id) {
      world.repository.addRuleset({ branches: ["main"], mergeQueue: true });
      world.github.plan({ event: "merge_group" }, { afterMs: Infinity });
      await world.ends(id, "ready");
      await world.merge(id);
      await world.until(id, ({ state }) => state.phase.name === "awaiting_merge");
      const at = Date.now();
      const words = { by: "kim", text: "Make it 42.", allow: [], interrupt: false, budget: {} };
      await world.store.request(id, { type: "continue_requested", at, ...words }, () => null);
      return world.until(id, (row) => isReady(row) && row.state.spent.attempts === 2);
    },
  },
  {
    name: "for an issue",
    make: () => make({ answers: ["42"] }),
    createTask(world) {
      const { number } = world.repository.openIssue("Answer", { body: "It shall be 42." });
      return world.createTask({ issue: number });
    },
    play: (world, id) => world.ends(id, "ready"),
  },
  {
    name: "somebody pushes to its branch",
    make: () => make({ answers: ["42"] }),
    async play(world, id) {
      const hour = 3_600_000;
      world.github.plan({}, { afterMs: hour });
      const { state } = await world.until(id, (row) => row.state.phase.name === "awaiting_ci");
      await world.repository.commit(state.task.branch, { other: "theirs\n" });
      await world.github.advance(hour);
      return world.ends(id, "needs_review");
    },
  },
];
