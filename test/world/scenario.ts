import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAtRest } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { waitFor } from "./wait-for.ts";
import type { World, WorldOptions } from "./world.ts";

/** A task's life, told so that it has one end whatever is killed on the way. */
export interface Scenario {
  name: string;
  world: WorldOptions;
  budget?: { maxAttempts?: number; maxAgentMs?: number; deadline?: number | null };
  /** Agents that may take over. */
  fallbacks?: string[];
  /** Named locks that it needs. */
  locks?: string[];
  env?: NodeJS.ProcessEnv;
  /**
   * What people and the world do while it runs: each deed is done once, when its moment has come. Told by the state alone, so
   * that a restart of the worker cannot make it happen twice or never.
   */
  deeds?: {
    when: (row: TaskRow) => boolean;
    deed: (world: World, id: string) => Promise<unknown>;
  }[];
  /** The phase that it ends in. */
  ends: string;
}

const answer = (text: string) => [
  { write: "answer", content: `${text}\n` },
  { say: `It is ${text}.` },
];
/**
 * Writes 41 until that is committed, then 42: like a person, and unlike a script by turns, it does the same again when it is
 * asked twice because a worker died before it could note that the turn was over.
 */
const corrects = [
  {
    run: "if git log -1 --format=%s | grep -qx Change; then echo 41 > answer; else echo 42 > answer; fi",
  },
  { say: "I think that is it." },
];
/** A step of the agent that waits for the deed, so that no slow machine can make the deed come too late. */
const untilDone = { run: "until [ -e ../../../done ]; do sleep 0.05; done" };
const done = (world: World) => writeFile(join(world.root, "done"), "");
const phase = (name: string) => (row: TaskRow) => row.state.phase.name === name;
const ask = (type: "abort_requested" | "merge_requested") => (world: World, id: string) =>
  world.request(id, { type, at: Date.now(), by: "kim" });

/** Together they reach every event that a worker can append; `crash.test.ts` fails when one is not reached. */
export const scenarios: Scenario[] = [
  {
    name: "red, green, merged",
    world: { turns: [corrects, corrects, corrects] },
    deeds: [{ when: phase("ready"), deed: ask("merge_requested") }],
    ends: "merged",
  },
  {
    name: "the base moves, so the change is rebased, tested again and merged",
    world: { turns: [answer("42")] },
    deeds: [
      {
        when: phase("ready"),
        deed: async (world, id) => {
          await world.commitToMain({ other: "file\n" });
          await ask("merge_requested")(world, id);
        },
      },
    ],
    ends: "merged",
  },
  {
    name: "the base conflicts with the change",
    world: { turns: [answer("42")] },
    deeds: [
      {
        when: phase("ready"),
        deed: async (world, id) => {
          await world.commitToMain({ answer: "43\n" });
          await ask("merge_requested")(world, id);
        },
      },
    ],
    ends: "needs_review",
  },
  {
    name: "the base has got the same change meanwhile",
    world: { turns: [answer("42")] },
    deeds: [
      {
        when: phase("ready"),
        deed: async (world, id) => {
          await world.commitToMain({ answer: "42\n" });
          await ask("merge_requested")(world, id);
        },
      },
    ],
    ends: "needs_review",
  },
  {
    name: "its locks are taken away during a turn, so it takes them again before the next",
    locks: ["answers", "read:rest"],
    world: { turns: Array.from({ length: 4 }, () => [untilDone, ...corrects]) },
    deeds: [
      {
        when: ({ state }) =>
          state.phase.name === "coding" && state.phase.turn !== null && state.locks.length > 0,
        deed: async (world, id) => {
          await world.request(id, {
            type: "locks_released",
            at: Date.now(),
            by: "kim",
            reason: "another needs them",
          });
          await done(world);
        },
      },
      { when: phase("ready"), deed: ask("merge_requested") },
    ],
    ends: "merged",
  },
  {
    name: "no attempt is left",
    world: { turns: [answer("40"), answer("41")] },
    budget: { maxAttempts: 2 },
    ends: "needs_review",
  },
  {
    name: "nothing is changed",
    world: { turns: [[{ say: "It is fine as it is." }]] },
    ends: "needs_review",
  },
  { name: "there is no CI", world: { turns: [answer("42")], ci: null }, ends: "needs_review" },
  {
    name: "the provider is overloaded at first",
    world: { turns: [[{ fail: "overloaded" }, ...answer("42")]] },
    ends: "ready",
  },
  {
    name: "the provider refuses for long, and another agent goes on",
    world: {
      turns: [[{ fail: "rate_limit", message: "weekly limit", reset_in_seconds: 86_400 }]],
      config: { agents: { command: { command: ["sh", "-c", "echo 42 > answer; echo done"] } } },
    },
    fallbacks: ["command"],
    ends: "ready",
  },
  {
    name: "a person speaks while the turn runs",
    world: {
      turns: [[{ use: { input_tokens: 5, output_tokens: 5 } }, untilDone, ...answer("42")]],
    },
    deeds: [
      {
        when: ({ state }) => state.phase.name === "coding" && state.session !== null,
        deed: (world, id) =>
          world.request(id, {
            type: "continue_requested",
            at: Date.now(),
            by: "kim",
            text: "It is 42.",
            allow: [],
            interrupt: true,
          }),
      },
      { when: ({ state }) => state.requests.words.length === 0, deed: done },
    ],
    ends: "ready",
  },
  {
    name: "a person takes the worktree and leaves it",
    world: { turns: [[untilDone, ...answer("42")]] },
    deeds: [
      {
        when: ({ state }) => state.phase.name === "coding" && state.session !== null,
        deed: (world, id) =>
          world.request(id, { type: "attach_requested", at: Date.now(), by: "kim" }),
      },
      {
        when: ({ waitingFor, leaseHolder }) =>
          leaseHolder === null && waitingFor === "kim, who works in the worktree",
        deed: async (world, id) => {
          await done(world);
          await world.request(id, { type: "detach_requested", at: Date.now(), by: "kim" });
        },
      },
    ],
    ends: "ready",
  },
  {
    name: "the agent asks for leave, and nobody answers",
    world: {
      turns: [[{ ask: { tool: "Write", input: "", paths: ["/etc/hosts"] } }, ...answer("42")]],
      config: { permissions: "ask", stall_minutes: 0.1 },
    },
    ends: "ready",
  },
  {
    name: "aborted during a turn, then continued",
    world: {
      turns: [
        [
          { write: "answer", content: "42\n" },
          { say: "Now I wait." },
          // In the middle of this step it is aborted, and not before: what an agent takes up again is what it had begun.
          { run: "touch ../../../begun; until [ -e ../../../done ]; do sleep 0.05; done" },
        ],
        answer("42"),
      ],
    },
    deeds: [
      {
        when: ({ state }) =>
          state.phase.name === "coding" && state.phase.turn !== null && state.session !== null,
        deed: async (world, id) => {
          await waitFor("the agent to wait", () => existsSync(join(world.root, "begun")));
          await ask("abort_requested")(world, id);
        },
      },
      {
        when: phase("aborted"),
        deed: async (world, id) => {
          await done(world);
          await world.request(id, {
            type: "continue_requested",
            at: Date.now(),
            by: "kim",
            text: "Go on.",
            allow: [],
          });
        },
      },
    ],
    ends: "ready",
  },
  {
    name: "the same failure comes twice, and a fresh start helps",
    world: {
      // Told by the repository, as a turn is played again when its worker dies: two attempts that only add a file, then the answer.
      turns: Array.from({ length: 6 }, () => [
        {
          run: 'n=$(git rev-list --count origin/main..HEAD); echo "$n" > "try-$n"; [ "$n" -lt 2 ] || echo 42 > answer',
        },
        { say: "I think that is it." },
      ]),
    },
    ends: "ready",
  },
  {
    name: "the project's own checks are red at first",
    world: {
      turns: [corrects, corrects, corrects],
      config: {
        ci: { check_base: false },
        preflight: { commands: ["true", "grep -qx 42 answer"] },
      },
    },
    ends: "ready",
  },
  {
    name: "the base is red in the same way",
    world: {
      turns: [[{ write: "other", content: "file\n" }, { say: "Done." }]],
      ci: 'echo "FAIL: something else"; exit 1',
      config: { ci: { check_base: true } },
    },
    ends: "needs_review",
  },
  {
    name: "somebody else moves the branch",
    world: { turns: [answer("41"), [untilDone, ...answer("42")]] },
    deeds: [
      {
        when: ({ state }) => state.phase.name === "coding" && state.pushed !== null,
        deed: async (world) => {
          await world.git(["update-ref", "refs/heads/amp/task-1", "refs/heads/main"]);
          await done(world);
        },
      },
    ],
    ends: "needs_review",
  },
  {
    name: "CI cannot judge",
    world: { turns: [answer("42")], ci: "exit 0" },
    env: { WORLD_CI_BROKEN: "1" },
    ends: "ready",
  },
  {
    name: "CI gives no verdict in time",
    world: { turns: [answer("42")] },
    env: { WORLD_CI_TIMEOUT_MS: "1500", WORLD_CI_SILENT: "1" },
    ends: "needs_review",
  },
  {
    name: "the merge needs a person",
    world: {
      turns: [answer("42")],
      kind: "clone",
      files: { answer: "0\n", "ci.sh": "#!/bin/sh\nexit 0\n" },
    },
    deeds: [
      {
        when: phase("ready"),
        deed: async (world, id) => {
          await world.dirty();
          await ask("merge_requested")(world, id);
        },
      },
    ],
    ends: "needs_review",
  },
  {
    name: "the base moves at the last moment",
    world: { turns: [answer("42")] },
    env: { WORLD_MOVE_BASE_BEFORE_MERGE: "1" },
    deeds: [{ when: phase("ready"), deed: ask("merge_requested") }],
    ends: "merged",
  },
  {
    name: "a merge is asked for that cannot be",
    world: { turns: [[untilDone, { say: "Nothing to do." }]] },
    deeds: [
      {
        when: phase("coding"),
        deed: async (world, id) => {
          await ask("merge_requested")(world, id);
          await done(world);
        },
      },
    ],
    ends: "needs_review",
  },
  {
    name: "the repository is gone",
    world: { turns: [answer("42")] },
    deeds: [{ when: () => true, deed: (world) => world.removeRepository() }],
    ends: "error",
  },
];

/** Does the scenario's deeds, each once, until the task has come to its end. */
export async function play(scenario: Scenario, world: World, id: string): Promise<TaskRow> {
  const left = [...(scenario.deeds ?? [])];
  for (;;) {
    const next = left[0];
    const row = await world.until(id, (now) =>
      next === undefined ? isOver(scenario, now) : next.when(now) || isOver(scenario, now),
    );
    if (next === undefined || !next.when(row)) {
      if (next === undefined) return row;
      throw new Error(`it ended in ${row.state.phase.name} before "${next.when.toString()}"`);
    }
    left.shift();
    await next.deed(world, id);
  }
}

function isOver(scenario: Scenario, { state, leaseHolder }: TaskRow): boolean {
  const { abort, merge, words } = state.requests;
  const isAnswered = abort === null && merge === null && words.length === 0;
  return (
    isAtRest(state) && isAnswered && leaseHolder === null && state.phase.name === scenario.ends
  );
}
