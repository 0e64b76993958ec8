import type { TaskState } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keptRefs, type KeptRefs } from "../world/kept-refs.ts";
import { makeWorld, type World } from "../world/world.ts";

// What agents do to git and to their worktree, on one repository: whatever one of them does, the others' tasks go on.

interface Misbehaviour {
  /** What the agent does, as a sentence would say it. */
  does: string;
  turns: Record<string, unknown>[][];
  ends: TaskState["phase"]["name"];
  /** What a person reads of the wait. */
  waits?: RegExp;
  /** What a person reads in the log. */
  log?: RegExp;
  /** Verdicts by attempt. */
  verdicts?: (string | null)[];
  /** What the branch of the repository holds at the end, by `git` there. */
  holds?: [args: (branch: string) => string[], prints: string | RegExp][];
  /** Then a person says so, and it becomes ready. */
  untilTold?: string;
}

const run = (...lines: string[]) => ({ run: lines.join("\n") });
const says = { say: "Done." };
const good = [run("echo 42 > answer"), says];
const wrong = [run("echo 41 > answer"), says];
const subjects = (branch: string) => ["log", "--format=%s", `main..${branch}`];
const files = (branch: string) => ["ls-tree", "-r", "--name-only", branch];
const conflict = (marker: string) => `${marker.repeat(7)} x`;
const markers = `${conflict("<")}\nours\n=======\ntheirs\n${conflict(">")}\n`;
const conflicting = [
  "own=$(git symbolic-ref --short HEAD)",
  "git checkout -q -b side-$$",
  "echo 7 > answer && git commit -q -a -m Side",
  "git checkout -q $own",
  "echo 42 > answer && git commit -q -a -m Ours",
];

const misbehaviours: Misbehaviour[] = [
  // First, because it takes longest.
  {
    does: "makes 3,000 files",
    turns: [[run("mkdir many", "seq -f many/%g 3000 | xargs touch", "echo 42 > answer"), says]],
    ends: "ready",
    log: /committed [0-9a-f]{8}: 3001 files/,
  },
  {
    does: "commits on its own",
    turns: [[run("echo 42 > answer", "git commit -q -a -m 'By the agent'"), says]],
    ends: "ready",
    holds: [[subjects, "By the agent"]],
  },
  {
    does: "goes to a branch of its own",
    turns: [
      [run("git checkout -q -b other", "echo 42 > answer", "git commit -q -a -m Elsewhere"), says],
    ],
    ends: "ready",
    log: /the agent made the branch other: its commits are on amp\/task-\d+, and it is gone/,
    holds: [[subjects, "Elsewhere"]],
  },
  {
    does: "goes to main and commits there",
    turns: [
      [run("git checkout -q main", "echo 42 > answer", "git commit -q -a -m 'On main'"), says],
    ],
    ends: "ready",
    log: /the agent made the branch main/,
    holds: [[subjects, "On main"]],
  },
  {
    does: "detaches HEAD",
    turns: [
      [run("git checkout -q --detach", "echo 42 > answer", "git commit -q -a -m Detached"), says],
    ],
    ends: "ready",
    holds: [[subjects, "Detached"]],
  },
  {
    does: "amends what is pushed",
    turns: [wrong, [run("echo 42 > answer", "git commit -q -a --amend -m Amended"), says]],
    ends: "ready",
    verdicts: ["failed", "passed"],
    log: /the agent has taken [0-9a-f]{10}, which is pushed, back out of amp/,
    holds: [[subjects, "Amended"]],
  },
  {
    does: "rebases what is pushed",
    turns: [
      wrong,
      [
        run("git -c user.name=Agent rebase -q --force-rebase origin/main", "echo 42 > answer"),
        says,
      ],
    ],
    ends: "ready",
    verdicts: ["failed", "passed"],
    holds: [[subjects, "Answer (attempt 2)\nAnswer"]],
  },
  {
    does: "resets what is pushed, and begins anew",
    turns: [wrong, [run("git reset -q --hard HEAD~1", "echo 42 > answer"), says]],
    ends: "ready",
    verdicts: ["failed", "passed"],
    holds: [[subjects, "Answer (attempt 2)"]],
  },
  {
    does: "takes all back that is pushed",
    turns: [wrong, [run("git reset -q --hard HEAD~1"), { say: "I cannot do it." }]],
    ends: "needs_review",
    waits: /^you: the agent could not go on and changed nothing \(I cannot do it\.\)$/,
    log: /the agent has taken [0-9a-f]{10}, which is pushed, back out/,
  },
  {
    does: "leaves conflict markers in a file",
    turns: [
      [{ write: "answer", content: "42\n" }, { write: "notes.txt", content: markers }, says],
      [{ write: "notes.txt", content: "both\n" }, says],
    ],
    ends: "ready",
    log: /the gate stops [0-9a-f]{8}: conflict_markers in notes\.txt/,
    verdicts: [null, "passed"],
  },
  {
    does: "insists on conflict markers",
    turns: [[{ write: "answer", content: markers }, says], [{ say: "They belong there." }]],
    ends: "needs_review",
    waits:
      /^you: the gate holds the change for you \(conflict_markers in answer: They belong there\.\)$/,
    verdicts: [null, null],
  },
  {
    does: "leaves a merge half done",
    turns: [[run(...conflicting, "git merge -q side-$$"), says], good],
    ends: "ready",
    log: /the gate stops [0-9a-f]{8}: conflict_markers in answer/,
    verdicts: [null, "passed"],
  },
  {
    does: "leaves a rebase half done",
    turns: [[run(...conflicting, "git rebase -q side-$$"), says], good],
    ends: "error",
    waits:
      /^you: The agent left a rebase with conflicts in answer; try: ampx continue \w{6} -m "resolve the conflicts and finish the rebase"$/,
    untilTold: "Resolve the conflicts and finish the rebase.",
  },
  {
    does: "deletes its worktree",
    turns: [[run('rm -rf "$PWD"'), says], good],
    ends: "error",
    waits: /^you: The worktree \S.+ is gone; try: ampx continue \w{6}: it is made anew/,
    untilTold: "Once more.",
  },
  {
    does: "puts a repository in the place of its own",
    turns: [
      [
        run(
          "rm .git",
          "git init -q",
          "echo 42 > answer",
          "git add --all",
          "git -c user.name=x -c user.email=x@example.org commit -q -m Mine",
        ),
        says,
      ],
    ],
    ends: "ready",
    holds: [[subjects, "Answer"]],
  },
  {
    does: "leaves pipes, loops of links and odd names",
    turns: [
      [
        run(
          "mkfifo pipe && ln -s loop loop && ln -s a b && ln -s b a",
          "touch -- -dash \"$(printf 'new\\nline')\" \"$(printf 'bad\\377')\"",
          "echo 42 > answer",
        ),
        says,
      ],
    ],
    ends: "ready",
    holds: [[files, '-dash\na\nanswer\nb\n"bad\\377"\nloop\n"new\\nline"']],
  },
  {
    does: "puts a pipe in the place of the .git file",
    turns: [[run("rm .git && mkfifo .git", "echo 42 > answer"), says]],
    ends: "ready",
  },
  {
    does: "takes all rights from its worktree",
    turns: [[run("echo 42 > answer", "chmod -R 000 ."), says]],
    ends: "ready",
  },
  {
    does: "clones a repository and makes another one",
    turns: [
      [
        run(
          'git clone -q "$(git remote get-url origin)" vendor',
          "git init -q sub && echo x > sub/x",
          "echo 42 > answer",
        ),
        says,
      ],
    ],
    ends: "ready",
    log: /not committed: vendor \(foreign_repository\)/,
    holds: [[files, "answer\nsub/x"]],
  },
  {
    does: "adds a submodule",
    turns: [
      [
        run(
          'git -c protocol.file.allow=always submodule --quiet add "$(git remote get-url origin)" sub',
          "echo 42 > answer",
        ),
        says,
      ],
    ],
    ends: "needs_review",
    waits:
      /^you: the gate holds the change for you \(outside_repository in \.gitmodules, outside_repository in sub\)$/,
    log: /the git config that all tasks of this repository share was changed: put back/,
  },
];

let world: World;
let before: KeptRefs;

beforeAll(async () => {
  const cases = misbehaviours.map(({ does, turns }) => ({ when: `It ${does}.`, turns }));
  world = await makeWorld({ turns: [good], cases });
  await world.startWorker({ AMPX_SLOTS: "3" });
  // The first task makes the copy.
  await restsIn(await world.createTask(), "ready");
  before = await keptRefs(world);
}, 60_000);

afterAll(() => world[Symbol.asyncDispose]());

test.concurrent.each(misbehaviours)("an agent that $does", async (one) => {
  const id = await world.createTask({}, `It ${one.does}.`);
  const { state, waitingFor } = await restsIn(id, one.ends);
  if (one.waits !== undefined) expect(waitingFor).toMatch(one.waits);
  if (one.log !== undefined) expect(await logOf(id)).toMatch(one.log);
  if (one.verdicts !== undefined)
    expect(state.attempts.map(({ verdict }) => verdict)).toEqual(one.verdicts);
  for (const [args, prints] of one.holds ?? [])
    expect(await world.git(args(state.task.branch))).toMatch(prints);
  expect(world.processes().filter(({ commandLine }) => commandLine.includes(id))).toEqual([]);
  if (one.untilTold === undefined) return;
  await world.request(id, {
    type: "continue_requested",
    at: Date.now(),
    by: "kim",
    text: one.untilTold,
    allow: [],
  });
  await restsIn(id, "ready");
});

test("after all of them another task goes through, and nothing but their own branches has changed", async () => {
  await restsIn(await world.createTask(), "ready");
  const { copy, ...after } = await keptRefs(world);
  expect(after).toEqual({ repository: before.repository, settings: before.settings });
  // A branch whose commits the agent left there, and did not bring to its own, is kept; it is never pushed.
  expect(copy?.filter((line) => !/ refs\/heads\/side-\d+$/.test(line))).toEqual(before.copy);
  await world.quiet();
});

function restsIn(id: string, name: TaskState["phase"]["name"]): Promise<TaskRow> {
  return world.until(
    id,
    ({ state, leaseHolder }) => state.phase.name === name && leaseHolder === null,
  );
}

async function logOf(id: string): Promise<string> {
  const lines = await world.store.readLog(id, { after: 0, limit: 1_000 });
  return lines.map(({ text }) => text).join("\n");
}
