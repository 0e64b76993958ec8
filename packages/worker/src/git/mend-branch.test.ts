import { expect, test } from "vitest";
import { makeRepository, writeFiles, type RepositoryFixture } from "./fixture.ts";
import { taskOn, type TaskFixture } from "./workspace-fixture.ts";

const ref = "refs/heads/amp/task-1";

/** A task that has committed, and another one of the same repository. */
async function twoTasks(repo: RepositoryFixture) {
  const [own, other] = [await taskOn(repo), await taskOn(repo, 2)];
  await own.workspace.prepare(own.signal);
  await other.workspace.prepare(other.signal);
  await writeFiles(own.path, { "a.txt": "" });
  const { head } = await own.commit();
  return { own, other, head };
}

const deeds: [
  name: string,
  deed: (in2: TaskFixture, repo: RepositoryFixture) => Promise<unknown>,
][] = [
  ["moved", (other, repo) => repo.git(["update-ref", ref, "origin/main"], other.path)],
  ["deleted", (other, repo) => repo.git(["update-ref", "-d", ref], other.path)],
];

test.concurrent.for(deeds)(
  "a branch that the agent of another task has %s is put back",
  async ([, deed]) => {
    await using repo = await makeRepository();
    const { own, other, head } = await twoTasks(repo);
    await deed(other, repo);
    const { notes } = await own.workspace.prepare(own.signal);
    expect(notes).toEqual([expect.stringContaining(`is back at ${head.slice(0, 10)}`)]);
    expect(await repo.git(["rev-parse", ref], own.copyDir)).toBe(head);
    expect(await repo.git(["status", "--porcelain"], own.path)).toBe("");

    await deed(other, repo);
    await writeFiles(own.path, { "b.txt": "" });
    const content = await own.commit();
    expect(content.files).toEqual(["a.txt", "b.txt"]);
    expect(content.notes).toHaveLength(1);
    expect(await repo.git(["rev-parse", `${content.head}^`], own.path)).toBe(head);
  },
);

test.concurrent("a branch that its own agent has deleted is put back", async () => {
  await using repo = await makeRepository();
  const { own, head } = await twoTasks(repo);
  await repo.git(["update-ref", "-d", ref], own.path);
  const content = await own.commit();
  expect(content).toMatchObject({ head, files: ["a.txt"] });
  expect(content.notes).toEqual([
    `the branch amp/task-1 was gone, and is back at ${head.slice(0, 10)}`,
  ]);
});

const own: [
  name: string,
  deed: (git: (...args: string[]) => Promise<string>) => Promise<unknown>,
][] = [
  [
    "committing without a log",
    (git) =>
      git("-c", "core.logAllRefUpdates=false", "commit", "-q", "--allow-empty", "-m", "More"),
  ],
  ["resetting", (git) => git("reset", "-q", "--hard", "HEAD~1")],
  ["update-ref", (git) => git("update-ref", "HEAD", "HEAD~1")],
  ["amending", (git) => git("commit", "-q", "--amend", "-m", "Other words")],
  ["rebasing", (git) => git("rebase", "-q", "--force-rebase", "origin/main")],
  [
    "expiring the log",
    async (git) => {
      await git("reset", "-q", "--hard", "HEAD~1");
      await git("reflog", "expire", "--expire=now", "--all");
    },
  ],
];

test.concurrent.for(own)("what its own agent does by %s stays", async ([, deed]) => {
  await using repo = await makeRepository();
  const { own: task } = await twoTasks(repo);
  await deed((...args) => repo.git(args, task.path));
  const tip = await repo.git(["rev-parse", ref], task.path);
  expect((await task.workspace.prepare(task.signal)).notes).toEqual([]);
  expect(await repo.git(["rev-parse", ref], task.path)).toBe(tip);
});

test.concurrent("branches that the agent went to are removed when their commits are on the task's branch", async () => {
  await using repo = await makeRepository();
  const { own: task, other } = await twoTasks(repo);
  const git = (...args: string[]) => repo.git(args, task.path);
  await git("checkout", "-q", "main");
  await git("checkout", "-q", "-b", "elsewhere");
  await git("commit", "-q", "--allow-empty", "-m", "Elsewhere");
  await git("checkout", "-q", "amp/task-1");
  await git("branch", "note");
  await repo.git(["checkout", "-q", "-b", "in-use"], other.path);
  const { notes } = await task.commit();
  expect(notes).toEqual([
    // By git itself: the local main was set up to follow that of the remote.
    "the git config that all tasks of this repository share was changed: put back",
    "the agent left commits on the branch elsewhere, which ampx does not push",
    "the agent made the branch main: its commits are on amp/task-1, and it is gone",
  ]);
  expect(
    (await git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads")).split("\n"),
  ).toEqual(["amp/task-1", "amp/task-2", "elsewhere", "in-use", "note"]);
});

test.concurrent("an agent that pushes to the base by itself is told of once", async () => {
  await using repo = await makeRepository();
  const task = await taskOn(repo);
  await task.workspace.prepare(task.signal);
  const git = (...args: string[]) => repo.git(args, task.path);
  await writeFiles(task.path, { "a.txt": "" });
  await git("add", ".");
  await git("commit", "-q", "-m", "By the agent");
  const pushed = await git("rev-parse", "HEAD");
  await git("push", "-q", repo.path, "HEAD:main");
  await repo.commit({ "b.txt": "" });
  await expect(task.commit()).rejects.toMatchObject({
    name: "UserError",
    message: `The agent itself pushed ${pushed.slice(0, 10)} to main of ${repo.path}, past the gate and CI`,
  });
  await task.workspace.prepare(task.signal);
  await writeFiles(task.path, { "c.txt": "" });
  expect((await task.commit()).files).toEqual(["c.txt"]);
});

test.concurrent("what a person has merged, or the agent has fetched, is no push of the agent's", async () => {
  await using repo = await makeRepository();
  const task = await taskOn(repo);
  await task.workspace.prepare(task.signal);
  await writeFiles(task.path, { "a.txt": "" });
  const { head } = await task.commit();
  await task.workspace.push(head, null, task.signal);
  await task.workspace.prepare(task.signal);
  await repo.git(["update-ref", "refs/heads/main", head]);
  await repo.commit({ "b.txt": "" });
  await repo.git(["pull", "-q", "--rebase", "origin", "main"], task.path);
  await writeFiles(task.path, { "c.txt": "" });
  expect((await task.commit()).files).toEqual(["c.txt"]);
});
