import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeRepository, writeFiles, type RepositoryFixture } from "./fixture.ts";
import { sweepWorktrees, type SweepOptions } from "./sweep.ts";
import { taskOn, type TaskFixture } from "./workspace-fixture.ts";

const day = 24 * 3600_000;

function sweep(repo: RepositoryFixture, options: Partial<SweepOptions> = {}) {
  const later = Date.now() + 2 * day;
  return sweepWorktrees({
    home: repo.home,
    keep: () => "ended",
    maxAgeMs: day,
    maxBytes: Number.MAX_SAFE_INTEGER,
    now: later,
    signal: AbortSignal.timeout(60_000),
    ...options,
  });
}

async function pushedTask(
  repo: RepositoryFixture,
  number = 1,
  files = { [`${number}.txt`]: "work\n" },
): Promise<TaskFixture & { head: string; base: string }> {
  const task = await taskOn(repo, number);
  const { base } = await task.workspace.prepare(task.signal);
  await writeFiles(task.path, files);
  const { head } = await task.commit();
  await task.workspace.push(head, null, task.signal);
  return { ...task, head, base };
}

test("removes what is pushed and old, ignored and read-only files included, and the branch comes back from the remote", async () => {
  await using repo = await makeRepository({ files: { ".gitignore": "cache\n" } });
  const task = await pushedTask(repo);
  await mkdir(join(task.path, "cache/module"), { recursive: true });
  await writeFiles(task.path, { "cache/module/file": "" });
  await chmod(join(task.path, "cache/module"), 0o500);
  const result = await sweep(repo);
  expect(result).toEqual({
    removed: [
      {
        taskId: expect.stringMatching(/01$/),
        path: task.path,
        bytes: expect.any(Number),
        reason: "age",
      },
    ],
    kept: [],
  });
  expect(await readdir(join(repo.home, "worktrees"))).toEqual([]);
  expect(await repo.git(["for-each-ref", "refs/heads"], task.copyDir)).toBe("");
  const again = await taskOn(repo, 1, { pushed: task.head });
  expect((await again.workspace.prepare(again.signal)).head).toBe(task.head);
});

test("leaves live tasks and what is young", async () => {
  await using repo = await makeRepository();
  await pushedTask(repo);
  expect(await sweep(repo, { keep: () => "live" })).toEqual({ removed: [], kept: [] });
  expect(await sweep(repo, { now: Date.now() })).toEqual({ removed: [], kept: [] });
  const answers = ["ended", "live"] as const;
  let asked = 0;
  const revived = await sweep(repo, { keep: () => answers[asked++] ?? "live" });
  expect(revived).toMatchObject({ removed: [], kept: [{ reason: "its task goes on" }] });
});

test("frees space from the oldest on, until there is enough", async () => {
  await using repo = await makeRepository();
  const text = "x".repeat(200_000);
  const tasks = [];
  for (const number of [3, 1, 2])
    tasks.push(await pushedTask(repo, number, { [`${number}.txt`]: text }));
  const result = await sweep(repo, { now: Date.now(), maxBytes: 500_000 });
  expect(result.removed.map(({ path, reason }) => [path, reason])).toEqual([
    [tasks[0]?.path, "size"],
  ]);
});

const unpushed: [
  name: string,
  leave: (task: TaskFixture, repo: RepositoryFixture) => Promise<unknown>,
  reason: RegExp,
][] = [
  [
    "a file that is not committed",
    ({ path }) => writeFiles(path, { "new.txt": "" }),
    /changes that are not committed/,
  ],
  [
    "a commit that is not pushed",
    async ({ path, commit }) => {
      await writeFiles(path, { "new.txt": "" });
      await commit();
    },
    /commits that are not pushed/,
  ],
  [
    "a commit on a detached HEAD",
    async ({ path }, repo) => {
      await repo.git(["checkout", "-q", "--detach"], path);
      await repo.git(["commit", "-q", "--allow-empty", "-m", "x"], path);
    },
    /commits that are not pushed/,
  ],
  [
    "a branch that was deleted at the remote",
    (_task, repo) => repo.git(["branch", "-D", "amp/task-1"]),
    /commits that are not pushed/,
  ],
  [
    "a remote that cannot be asked",
    (_task, repo) => rename(repo.path, `${repo.path}.away`),
    /not known what the remote holds/,
  ],
  [
    "a merge in progress",
    async ({ path }, repo) => {
      await repo.commit({ "1.txt": "theirs\n" });
      await repo.git(["fetch", "-q", "origin"], path);
      await repo.git(["merge", "origin/main"], path).catch(() => "the conflict");
    },
    /a merge in progress/,
  ],
  [
    "a copy that is gone",
    ({ copyDir }) => rm(copyDir, { recursive: true }),
    /does not belong to a copy/,
  ],
];

test.for(unpushed)("never removes %s", async ([, leave, reason]) => {
  await using repo = await makeRepository();
  const task = await pushedTask(repo);
  await leave(task, repo);
  const result = await sweep(repo, { maxBytes: 0 });
  expect(result).toEqual({
    removed: [],
    kept: [{ taskId: expect.any(String), path: task.path, reason: expect.stringMatching(reason) }],
  });
  expect((await stat(task.path)).isDirectory()).toBe(true);
});

test.for(["merged", "rebased", "squashed"])(
  "removes work that was %s into the base and whose branch is deleted",
  async (how) => {
    await using repo = await makeRepository();
    const task = await pushedTask(repo);
    await writeFiles(task.path, { "second.txt": "2\n" });
    const { head } = await task.commit();
    await task.workspace.push(head, task.head, task.signal);
    const other = join(repo.root, "other");
    await repo.commit({ "unrelated.txt": "" });
    await repo.git(["clone", "-q", repo.path, other], repo.root);
    if (how === "merged") await repo.git(["merge", "-q", "--no-ff", "origin/amp/task-1"], other);
    if (how === "rebased") await repo.git(["cherry-pick", "origin/main..origin/amp/task-1"], other);
    if (how === "squashed") {
      await repo.git(["merge", "-q", "--squash", "origin/amp/task-1"], other);
      await repo.git(["commit", "-q", "-m", "Squashed"], other);
    }
    await repo.git(["push", "-q", "origin", "HEAD:main", ":amp/task-1"], other);
    expect((await sweep(repo)).removed).toHaveLength(1);
  },
);

test("never removes work of which only a part was merged", async () => {
  await using repo = await makeRepository();
  const task = await pushedTask(repo);
  await repo.commit({ "1.txt": "work\n" });
  await writeFiles(task.path, { "second.txt": "2\n" });
  await task.commit();
  await repo.git(["branch", "-D", "amp/task-1"]);
  expect((await sweep(repo)).kept).toMatchObject([{ reason: expect.stringMatching(/not pushed/) }]);
});

test("goes on where a killed sweep stopped, and clears what a killed prepare left", async () => {
  await using repo = await makeRepository();
  const gone = await pushedTask(repo, 1);
  const halfMade = await pushedTask(repo, 2);
  await rename(gone.path, join(repo.home, "worktrees", ".leaving-x"));
  await rm(join(halfMade.adminDir, "ampx.json"));
  await rm(join(halfMade.adminDir, "index"));
  await rm(join(halfMade.path, "2.txt"));
  expect((await sweep(repo)).removed).toMatchObject([{ path: halfMade.path }]);
  expect(await readdir(join(repo.home, "worktrees"))).toEqual([]);
  const again = await taskOn(repo, 1, { pushed: gone.head });
  expect((await again.workspace.prepare(again.signal)).head).toBe(gone.head);
});
