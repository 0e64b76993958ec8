import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "@ampx/core";
import { expect, test } from "vitest";
import { makeRepository, readText, writeFiles, type RepositoryFixture } from "./fixture.ts";
import { taskOn, type TaskFixture } from "./workspace-fixture.ts";

interface Scene extends TaskFixture {
  repo: RepositoryFixture;
  /** Git as the agent runs it, in the worktree. */
  git(...args: string[]): Promise<string>;
  base: string;
}

async function scene(repo: RepositoryFixture): Promise<Scene> {
  const task = await taskOn(repo);
  const { base } = await task.workspace.prepare(task.signal);
  return { ...task, repo, base, git: (...args) => repo.git(args, task.path) };
}

test("commits everything that is not ignored, in the configured name, with trailers", async () => {
  await using repo = await makeRepository({
    files: { ".gitignore": "*.log\n", "a.txt": "1\n2\n", "old.txt": "" },
  });
  const { path, base, git, workspace, signal } = await scene(repo);
  await writeFiles(path, {
    "a.txt": "1\n3\n4\n",
    "new/b.txt": "b\n",
    "debug.log": "",
    "bin.dat": "\0\0",
  });
  await rm(join(path, "old.txt"));
  const trailers: [string, string][] = [
    ["Ampx-Task", "01JD"],
    ["Ampx-Attempt", "2"],
    ["Ampx-Agent", "amp\nEvil: yes"],
  ];
  const content = await workspace.commit(
    { subject: "#1: fix\nthe \u001b[31mbug", trailers },
    signal,
  );
  expect(content).toEqual({
    head: await git("rev-parse", "HEAD"),
    tree: await git("rev-parse", "HEAD^{tree}"),
    base,
    files: ["a.txt", "bin.dat", "new/b.txt", "old.txt"],
    insertions: 3,
    deletions: 1,
    leftOut: [],
    notes: [],
  });
  expect(await git("log", "-1", "--format=%an <%ae>|%cn|%s")).toBe(
    "ampx bot <bot@example.org>|ampx bot|#1: fix the bug",
  );
  expect(await git("log", "-1", "--format=%(trailers:only,unfold)")).toBe(
    "Ampx-Task: 01JD\nAmpx-Attempt: 2\nAmpx-Agent: amp Evil: yes",
  );
  expect(await git("status", "--porcelain")).toBe("");
});

test("a clean worktree is not committed again, whatever a crash has forgotten", async () => {
  await using repo = await makeRepository();
  const { path, commit, git } = await scene(repo);
  await writeFiles(path, { "a.txt": "a\n" });
  const first = await commit();
  expect(await commit()).toEqual(first);
  expect(await git("rev-list", "--count", "origin/main..HEAD")).toBe("1");
});

test("a branch that changes nothing has no files, with or without commits", async () => {
  await using repo = await makeRepository();
  const { path, base, commit, git } = await scene(repo);
  expect(await commit()).toEqual({
    head: base,
    tree: await git("rev-parse", `${base}^{tree}`),
    base,
    files: [],
    insertions: 0,
    deletions: 0,
    leftOut: [],
    notes: [],
  });
  await writeFiles(path, { "a.txt": "a\n" });
  await commit();
  await rm(join(path, "a.txt"));
  expect((await commit()).files).toEqual([]);
  expect(await git("rev-list", "--count", "origin/main..HEAD")).toBe("2");
});

test("keeps what the agent committed by itself, amended history included", async () => {
  await using repo = await makeRepository();
  const { path, commit, git } = await scene(repo);
  await writeFiles(path, { "a.txt": "a\n" });
  await git("add", ".");
  await git("commit", "-q", "-m", "By the agent");
  await writeFiles(path, { "b.txt": "b\n" });
  expect((await commit()).files).toEqual(["a.txt", "b.txt"]);
  expect(await git("log", "--format=%s", "origin/main..HEAD")).toBe("Work\nBy the agent");
  await git("reset", "-q", "--soft", "origin/main");
  await git("commit", "-q", "-m", "All in one");
  expect((await commit()).head).toBe(await git("rev-parse", "HEAD"));
});

const strays: [name: string, stray: (scene: Scene) => Promise<unknown>, files: string[]][] = [
  [
    "detached HEAD and committed there",
    async ({ git, path }) => {
      await git("checkout", "-q", "--detach");
      await writeFiles(path, { "a.txt": "a\n" });
      await git("add", ".");
      await git("commit", "-q", "-m", "Detached");
      await writeFiles(path, { "b.txt": "b\n" });
    },
    ["a.txt", "b.txt"],
  ],
  [
    "worked on a branch of its own",
    async ({ git, path }) => {
      await git("checkout", "-q", "-b", "mine");
      await writeFiles(path, { "a.txt": "a\n" });
      await git("add", ".");
      await git("commit", "-q", "-m", "Elsewhere");
    },
    ["a.txt"],
  ],
  [
    "renamed the branch",
    async ({ git, path }) => {
      await writeFiles(path, { "a.txt": "a\n" });
      await git("branch", "-m", "renamed");
    },
    ["a.txt"],
  ],
  [
    "stayed on an older commit to look",
    async ({ git, path, commit }) => {
      await writeFiles(path, { "a.txt": "a\n" });
      await commit();
      await git("checkout", "-q", "HEAD~1");
      await writeFiles(path, { "b.txt": "b\n" });
    },
    ["a.txt", "b.txt"],
  ],
  [
    "is in the middle of a bisect",
    async ({ git, path, commit }) => {
      for (const name of ["a", "b", "c"]) {
        await writeFiles(path, { [`${name}.txt`]: "" });
        await commit();
      }
      await git("bisect", "start", "HEAD", "HEAD~3");
    },
    ["a.txt", "b.txt", "c.txt"],
  ],
  [
    "moved to a branch without commits",
    async ({ git, path }) => {
      await git("checkout", "-q", "--orphan", "fresh");
      await writeFiles(path, { "a.txt": "a\n" });
    },
    ["a.txt"],
  ],
  [
    "removed the .git file",
    async ({ path }) => {
      await rm(join(path, ".git"));
      await writeFiles(path, { "a.txt": "a\n" });
    },
    ["a.txt"],
  ],
  [
    "made a repository in the place of its own",
    async ({ path, repo }) => {
      await rm(join(path, ".git"));
      await repo.git(["init", "-q"], path);
      await writeFiles(path, { "a.txt": "a\n" });
      await repo.git(["add", "."], path);
      await repo.git(["commit", "-q", "-m", "Mine"], path);
    },
    ["a.txt"],
  ],
  [
    "left lock files and half an index",
    async ({ path, adminDir }) => {
      await writeFiles(path, { "a.txt": "a\n" });
      await writeFile(join(adminDir, "index.lock"), "");
      await truncate(join(adminDir, "index"), 20);
    },
    ["a.txt"],
  ],
  [
    "scaffolded a project with git init, with and without commits",
    async ({ path, repo }) => {
      await writeFiles(path, { "app/a.txt": "a\n", "lib/b.txt": "b\n" });
      await repo.git(["init", "-q", "app"], path);
      await repo.git(["init", "-q", "lib"], path);
      await repo.git(["add", "."], join(path, "lib"));
      await repo.git(["commit", "-q", "-m", "Scaffold"], join(path, "lib"));
    },
    ["app/a.txt", "lib/b.txt"],
  ],
];

test.for(strays)("brings the work to the branch when the agent %s", async ([, stray, files]) => {
  await using repo = await makeRepository();
  const here = await scene(repo);
  await stray(here);
  const content = await here.commit();
  expect(content).toMatchObject({ base: here.base, files, leftOut: [] });
  expect(await here.git("rev-parse", "refs/heads/amp/task-1")).toBe(content.head);
  expect(await here.git("symbolic-ref", "HEAD")).toBe("refs/heads/amp/task-1");
  expect(await here.git("status", "--porcelain")).toBe("");
  expect(await here.git("status")).not.toMatch(/bisect|rebas|merging/i);
  expect(await here.commit()).toEqual({ ...content, notes: [] });
  // Nothing of the way there is left for other tasks to meet.
  expect(await repo.git(["for-each-ref", "--format=%(refname)", "refs/heads"], here.copyDir)).toBe(
    "refs/heads/amp/task-1",
  );
});

test("leaves out clones of other repositories and huge files, and says so", async () => {
  await using repo = await makeRepository();
  const { path, commit, git } = await scene(repo);
  await writeFiles(path, { "a.txt": "a\n", "odd [x]*.bin": "" });
  await git("clone", "-q", repo.path, "vendor");
  await truncate(join(path, "odd [x]*.bin"), 100 * 1024 * 1024 + 1);
  const content = await commit();
  expect(content.files).toEqual(["a.txt"]);
  expect(content.leftOut).toEqual([
    { path: "odd [x]*.bin", reason: "too_big" },
    { path: "vendor", reason: "foreign_repository" },
  ]);
  expect(await git("status", "--porcelain")).toContain("vendor/");
});

/** The base and the branch change the same line. */
async function diverged({ repo, git, path, commit }: Scene): Promise<void> {
  await repo.commit({ "README.md": "theirs\n" });
  await writeFiles(path, { "README.md": "ours\n" });
  await commit();
  await git("fetch", "-q", "origin");
}

test.for(["merge", "rebase", "cherry-pick"])(
  "concludes a %s whose conflicts the agent has resolved",
  async (operation) => {
    await using repo = await makeRepository();
    const here = await scene(repo);
    await diverged(here);
    await here.git(operation, "origin/main").catch(() => "the conflict");
    await writeFiles(here.path, { "README.md": "both\n" });
    const content = await here.commit();
    expect(content.files).toEqual(["README.md"]);
    expect(await readText(here.path, "README.md")).toBe("both\n");
    expect(await here.git("status")).not.toMatch(/progress|merging|currently/i);
    expect(await here.git("rev-parse", "refs/heads/amp/task-1")).toBe(content.head);
    const contained = await here.git("rev-list", "--count", `${content.head}..origin/main`);
    expect(contained).toBe(operation === "cherry-pick" ? "1" : "0");
  },
);

test("refuses a rebase that was left amid its conflicts, and names the files", async () => {
  await using repo = await makeRepository();
  const here = await scene(repo);
  await diverged(here);
  await here.git("rebase", "origin/main").catch(() => "the conflict");
  const error = await here.commit().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    kind: "conflict",
    message: "The agent left a rebase with conflicts in README.md",
  });
  expect(await readText(here.path, "README.md")).toContain("<<<<<<<");
});

test.for(["merge", "cherry-pick"])(
  "commits the conflict markers of a %s, for the gate to find before a push",
  async (operation) => {
    await using repo = await makeRepository();
    const here = await scene(repo);
    await diverged(here);
    await here.git(operation, "origin/main").catch(() => "the conflict");
    const { base, head } = await here.commit();
    expect(await here.git("status", "--porcelain")).toBe("");
    expect(await here.workspace.diff(base, head, here.signal)).toMatch(/^\+<{7} HEAD$/m);
  },
);

test("refuses a history that parted from the branch", async () => {
  await using repo = await makeRepository();
  const here = await scene(repo);
  await writeFiles(here.path, { "a.txt": "a\n" });
  await here.commit();
  await here.git("checkout", "-q", "-b", "other", "HEAD~1");
  await here.git("commit", "-q", "--allow-empty", "-m", "Other");
  await expect(here.commit()).rejects.toThrow("does not contain the branch");
});

test("refuses a history that has nothing in common with the base", async () => {
  await using repo = await makeRepository();
  const { git, commit } = await scene(repo);
  await git("checkout", "-q", "--orphan", "fresh");
  await git("commit", "-q", "-m", "Fresh");
  await git("branch", "-q", "-M", "amp/task-1");
  await expect(commit()).rejects.toThrow("no commit in common with main");
});

test("gives back the rights on a worktree whose agent has taken all of them", async () => {
  await using repo = await makeRepository({ files: { "a/b.txt": "b\n" } });
  const { path, commit } = await scene(repo);
  await writeFiles(path, { "a/c.txt": "c\n" });
  for (const name of ["a/c.txt", "a/b.txt", "a", ""]) await chmod(join(path, name), 0);
  expect((await commit()).files).toEqual(["a/c.txt"]);
  const rights = ["", "a", "a/b.txt"].map(
    async (name) => (await stat(join(path, name))).mode & 0o700,
  );
  expect(await Promise.all(rights)).toEqual([0o700, 0o700, 0o600]);
});

test("a pipe or a loop of links in the worktree is no file to wait for", async () => {
  await using repo = await makeRepository();
  const { path, commit, git } = await scene(repo);
  await rm(join(path, ".git"));
  await promisify(execFile)("mkfifo", [".git", "pipe"], { cwd: path });
  await symlink("loop", join(path, "loop"));
  await mkdir(join(path, "sub", ".git"), { recursive: true });
  expect((await commit()).files).toEqual(["loop"]);
  expect(await git("status", "--porcelain")).toBe("");
});

test("says that the worktree is gone", async () => {
  await using repo = await makeRepository();
  const { path, commit } = await scene(repo);
  await rm(path, { recursive: true });
  await expect(commit()).rejects.toThrow("is gone");
});

test("never touches a repository around the home", async () => {
  await using repo = await makeRepository();
  await repo.git(["init", "-q", repo.root], repo.root);
  const { path, commit } = await scene(repo);
  await rm(join(path, ".git"));
  await mkdir(join(path, "x"));
  await writeFiles(path, { "x/a.txt": "a\n" });
  await commit();
  await expect(readFile(join(repo.root, ".git/index"))).rejects.toThrow("ENOENT");
});

test("a base that the agent has moved in the copy is not what the change is held against", async () => {
  await using repo = await makeRepository({ files: { "a.test.js": "test()\n" } });
  const { path, base, git, workspace, signal, commit } = await scene(repo);
  await rm(join(path, "a.test.js"));
  await git("add", "--all");
  await git("commit", "--quiet", "-m", "Smuggled in");
  await git("update-ref", "refs/remotes/origin/main", "HEAD");
  await writeFiles(path, { "b.txt": "innocent\n" });
  const content = await commit();
  expect(content).toMatchObject({ base, files: ["a.test.js", "b.txt"] });
  expect(await workspace.diff(base, content.head, signal)).toContain("deleted file mode 100644");
});

test("replacement objects show nothing else than what is pushed", async () => {
  await using repo = await makeRepository({ files: { "a.test.js": "test()\n" } });
  const { path, base, git, workspace, signal, commit } = await scene(repo);
  const good = await git("rev-parse", "HEAD:a.test.js");
  await writeFiles(path, { "a.test.js": "test.skip()\n", "b.txt": "innocent\n" });
  await git("add", "--all");
  await git("commit", "--quiet", "-m", "Skip");
  await git("replace", await git("rev-parse", "HEAD:a.test.js"), good);
  const { head, files } = await commit();
  expect(files).toEqual(["a.test.js", "b.txt"]);
  expect(await workspace.diff(base, head, signal)).toContain("+test.skip()");
});
