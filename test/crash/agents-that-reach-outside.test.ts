import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TaskState } from "@ampx/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyOf, keptRefs, type KeptRefs } from "../world/kept-refs.ts";
import { makeWorld, type World } from "../world/world.ts";

// Agents that write to what is not theirs: the repository, ampx's copy of it, the branches and worktrees of other tasks. Without a
// sandbox they can; what ampx can put back it puts back, and the rest it tells.

const good = [{ write: "answer", content: "42\n" }, { say: "It is 42." }];
const run = (...lines: string[]) => [{ run: lines.join("\n") }, { say: "Done." }];

const cases = [
  {
    when: "Be a victim.",
    turns: [good, [{ write: "more", content: "more\n" }, { say: "More." }]],
  },
  {
    when: "Move branches.",
    turns: [
      run(
        "git branch -D amp/task-2 || git update-ref -d refs/heads/amp/task-2",
        "git update-ref refs/heads/amp/task-3 origin/main",
        "git update-ref refs/remotes/origin/main HEAD~0",
        "echo 42 > answer",
      ),
    ],
  },
  {
    when: "Remove worktrees.",
    turns: [
      run(
        "for one in ../*; do [ $one = ../${PWD##*/} ] || git worktree remove --force $one; done",
        "git worktree prune --expire=now",
        "echo 42 > answer",
      ),
    ],
  },
  {
    when: "Change settings.",
    turns: [
      run(
        'copy=$(git rev-parse --git-common-dir) && mkdir -p "$copy/hooks" "$copy/info"',
        'git config core.hooksPath "$copy/hooks" && git config remote.origin.url /nowhere',
        "git config user.name Mallory",
        `printf '#!/bin/sh\\ntouch "%s/ran"\\nexit 1\\n' "$copy" > "$copy/hooks/pre-commit"`,
        'cp "$copy/hooks/pre-commit" "$copy/hooks/post-checkout" && chmod +x "$copy"/hooks/*',
        `echo '*' > "$copy/info/exclude" && rm "$copy/ampx.config"`,
        "echo 42 > answer; echo x > new-file",
      ),
    ],
  },
  {
    when: "Tidy up.",
    turns: [
      run(
        "echo 41 > answer && git commit -q -a -m One && git reset -q --hard HEAD~1",
        "git reflog expire --expire=now --all && git gc -q --prune=now",
        "echo 42 > answer",
      ),
    ],
  },
  {
    when: "Push to origin.",
    turns: [run("echo 42 > answer && git commit -q -a -m Mine", "git push origin HEAD:main")],
  },
  {
    when: "Push to the address.",
    turns: [
      run(
        "echo 42 > answer && git commit -q -a -m Mine",
        'git push -q "$(git remote get-url origin)" HEAD:main',
      ),
    ],
  },
];

let world: World;
let before: KeptRefs;
const victims: string[] = [];

beforeAll(async () => {
  world = await makeWorld({ turns: [good], cases });
  await world.startWorker({ AMPX_SLOTS: "2" });
  // amp/task-1 to amp/task-3.
  const first = await world.createTask();
  for (let n = 0; n < 2; n++) victims.push(await world.createTask({}, "Be a victim."));
  for (const id of [first, ...victims]) await restsIn(world, id, "ready");
  before = await keptRefs(world);
}, 60_000);

afterAll(() => world[Symbol.asyncDispose]());

test("branches of other tasks that an agent has moved or deleted are put back when those go on", async () => {
  await restsIn(world, await world.createTask({}, "Move branches."), "ready");
  for (const [index, id] of victims.entries()) {
    await goOn(id);
    const { state } = await restsIn(world, id, "ready");
    expect(await logOf(id)).toMatch(
      index === 0
        ? /the branch amp\/task-2 was gone, and is back at/
        : /the branch amp\/task-3 was moved from outside of its worktree to \w{10}, and is back at/,
    );
    expect(await branchHolds(state.task.branch)).toBe("Answer (attempt 2)\nAnswer");
  }
  expect(await keptRefs(world)).toEqual(before);
});

test("worktrees of other tasks that an agent has removed are made anew, with what was committed", async () => {
  const victim = await world.createTask({}, "Be a victim.");
  const { state } = await restsIn(world, victim, "ready");
  await restsIn(world, await world.createTask({}, "Remove worktrees."), "ready");
  await goOn(victim);
  await restsIn(world, victim, "ready");
  expect(await branchHolds(state.task.branch)).toBe("Answer (attempt 2)\nAnswer");
  expect(await keptRefs(world)).toEqual(before);
});

test("settings and hooks that an agent has left for all tasks are put back, told, and never run by ampx", async () => {
  const id = await world.createTask({}, "Change settings.");
  const { state } = await restsIn(world, id, "ready");
  const log = await logOf(id);
  expect(log).toContain(
    "the git config that all tasks of this repository share was changed: put back",
  );
  expect(log).toContain("hooks was added to what all tasks of this repository share: removed");
  expect(log).toContain("info/exclude was added to what all tasks");
  expect(await world.git(["ls-tree", "-r", "--name-only", state.task.branch])).toBe(
    "answer\nnew-file",
  );
  expect(await world.git(["log", "-1", "--format=%an", state.task.branch])).not.toBe("Mallory");
  expect(existsSync(join((await copyOf(world)) ?? "", "ran"))).toBe(false);
  expect(await keptRefs(world)).toEqual(before);
});

test("an agent that tidies the copy up in the middle of its work harms no task", async () => {
  const ids = await Promise.all(
    ["Tidy up.", "Be a victim."].map((prompt) => world.createTask({}, prompt)),
  );
  for (const id of ids) await restsIn(world, id, "ready");
  const copyDir = (await copyOf(world)) ?? "";
  expect(await world.git(["fsck", "--connectivity-only"], copyDir)).not.toMatch(/missing|broken/);
  expect(await keptRefs(world)).toEqual(before);
});

test("a push to origin fails for the agent, who reads why, and the work goes its way", async () => {
  const id = await world.createTask({}, "Push to origin.");
  await restsIn(world, id, "ready");
  expect(await logOf(id)).toContain("ampx pushes this branch by itself");
  expect(await keptRefs(world)).toEqual(before);
});

test("a push of the agent to the base by its address is told to a person, who may go on", async () => {
  const main = await world.git(["rev-parse", "main"]);
  const id = await world.createTask({}, "Push to the address.");
  const { state, waitingFor } = await restsIn(world, id, "error");
  expect(waitingFor).toMatch(
    /^you: The agent itself pushed [0-9a-f]{10} to main of \S.+, past the gate and CI; try: /,
  );
  expect(await world.movesOf(state.task.branch)).toBe(0);
  await world.git(["update-ref", "refs/heads/main", main]);
  await goOn(id);
  await restsIn(world, id, "ready");
});

test("after all of them another task goes through", async () => {
  await restsIn(world, await world.createTask(), "ready");
  await world.quiet();
  expect(await keptRefs(world)).toEqual(before);
});

function goOn(id: string): Promise<void> {
  const at = Date.now();
  return world.request(id, { type: "continue_requested", at, by: "kim", text: "More.", allow: [] });
}

/** Subjects of the commits that the repository's branch has more than main, newest first. */
function branchHolds(branch: string): Promise<string> {
  return world.git(["log", "--format=%s", `main..${branch}`]);
}

function restsIn(where: World, id: string, name: TaskState["phase"]["name"]) {
  return where.until(
    id,
    ({ state, leaseHolder }) =>
      state.phase.name === name && state.requests.words.length === 0 && leaseHolder === null,
  );
}

async function logOf(id: string): Promise<string> {
  const lines = await world.store.readLog(id, { after: 0, limit: 1_000 });
  return lines.map(({ text }) => text).join("\n");
}
