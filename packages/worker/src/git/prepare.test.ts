import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@ampx/core";
import { expect, test } from "vitest";
import { makeRepository, readText, writeFiles } from "./fixture.ts";
import { taskOn } from "./workspace-fixture.ts";

test("makes a worktree on a new branch off the newest base", async () => {
  await using repo = await makeRepository({ name: "pröject with space.git" });
  const base = await repo.commit({ "b.txt": "b\n" });
  const { workspace, path, signal } = await taskOn(repo);
  expect(await workspace.prepare(signal)).toEqual({ path, base, head: base, notes: [] });
  expect(await readText(path, "b.txt")).toBe("b\n");
  expect(await repo.git(["symbolic-ref", "HEAD"], path)).toBe("refs/heads/amp/task-1");
  expect(await repo.git(["branch", "--list"])).toBe("* main");
});

test("finds the worktree again with all that lies in it", async () => {
  await using repo = await makeRepository();
  const { workspace, path, signal } = await taskOn(repo);
  const first = await workspace.prepare(signal);
  await writeFiles(path, { "README.md": "changed\n", "new.txt": "new\n" });
  await repo.git(["commit", "-q", "-am", "By the agent"], path);
  await repo.commit({ "later.txt": "" });
  const head = await repo.git(["rev-parse", "HEAD"], path);
  expect(await workspace.prepare(signal)).toEqual({ path, base: first.base, head, notes: [] });
  expect(await readText(path, "new.txt")).toBe("new\n");
});

test.for(["the index", "the record"])("work stays when %s is lost", async (what) => {
  await using repo = await makeRepository();
  const { workspace, path, adminDir, commit, signal } = await taskOn(repo);
  await workspace.prepare(signal);
  await writeFiles(path, { "new.txt": "new\n" });
  if (what === "the index") await rm(join(adminDir, "index"));
  else await writeFiles(adminDir, { "ampx.json": "" });
  await workspace.prepare(signal);
  expect((await commit()).files).toEqual(["new.txt"]);
});

test("hooks of templates and of the copy do not run", async () => {
  await using repo = await makeRepository();
  const { workspace, copyDir, signal } = await taskOn(repo);
  await workspace.prepare(signal);
  await writeFiles(copyDir, { "hooks/post-checkout": `#!/bin/sh\ntouch '${repo.root}/ran'\n` });
  await repo.git(["config", "core.hooksPath", join(copyDir, "hooks")], copyDir);
  await (await taskOn(repo, 2)).workspace.prepare(signal);
  expect(await readdir(repo.root)).not.toContain("ran");
});

test("what an agent commits by itself bears the configured name, and it cannot push", async () => {
  await using repo = await makeRepository();
  const { workspace, path, signal } = await taskOn(repo, 1, {
    identity: { name: 'A "quoted" \\ name', email: "a@example.org" },
  });
  await workspace.prepare(signal);
  expect(await repo.git(["config", "user.name"], path)).toBe('A "quoted" \\ name');
  await expect(repo.git(["push", "origin", "HEAD"], path)).rejects.toThrow(
    "ampx pushes this branch by itself",
  );
});

test("two tasks that prepare at once on a new copy both get their worktree", async () => {
  await using repo = await makeRepository();
  const tasks = await Promise.all([1, 2, 3].map((number) => taskOn(repo, number)));
  const prepared = await Promise.all(
    tasks.map(({ workspace, signal }) => workspace.prepare(signal)),
  );
  expect(prepared.map(({ path }) => path)).toEqual(tasks.map(({ path }) => path));
  expect(await readdir(join(repo.home, "repos"))).toHaveLength(1);
});

test("takes up the branch from the copy when the worktree's folder is gone", async () => {
  await using repo = await makeRepository();
  const { workspace, path, commit, signal } = await taskOn(repo);
  await workspace.prepare(signal);
  await writeFiles(path, { "a.txt": "a\n" });
  const { head } = await commit();
  await rm(path, { recursive: true });
  expect((await workspace.prepare(signal)).head).toBe(head);
  expect(await readText(path, "a.txt")).toBe("a\n");
});

test("takes up the pushed branch when home has been emptied", async () => {
  await using repo = await makeRepository();
  const { workspace, path, commit, signal } = await taskOn(repo);
  const { base } = await workspace.prepare(signal);
  await writeFiles(path, { "a.txt": "a\n" });
  const { head } = await commit();
  await workspace.push(head, null, signal);
  await rm(repo.home, { recursive: true });
  const again = await taskOn(repo, 1, { pushed: head });
  expect(await again.workspace.prepare(signal)).toEqual({ path, base, head, notes: [] });
});

test("refuses a branch of that name that somebody else has pushed", async () => {
  await using repo = await makeRepository();
  await repo.commit({ "x.txt": "" }, { branch: "amp/task-1" });
  const { workspace, signal } = await taskOn(repo);
  const error = await workspace.prepare(signal).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    kind: "conflict",
    message: expect.stringContaining('"amp/task-1" exists already'),
  });
});

test("refuses a branch that cannot stand beside another, before an agent works for nothing", async () => {
  await using repo = await makeRepository();
  await repo.commit({}, { branch: "amp" });
  const { workspace, signal } = await taskOn(repo);
  await expect(workspace.prepare(signal)).rejects.toThrow('cannot stand beside "amp"');
});

test("refuses a branch that another task works on", async () => {
  await using repo = await makeRepository();
  const first = await taskOn(repo);
  await first.workspace.prepare(first.signal);
  const second = await taskOn(repo, 2, { branch: "amp/task-1" });
  await expect(second.workspace.prepare(second.signal)).rejects.toThrow(UserError);
});

test("says that the base branch is gone", async () => {
  await using repo = await makeRepository();
  const { workspace, signal } = await taskOn(repo, 1, { base: "release" });
  const error = await workspace.prepare(signal).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ kind: "not_found", message: expect.stringContaining("release") });
});

test("never takes a name that git would not, nor the base", async () => {
  await using repo = await makeRepository();
  for (const branch of ["--upload-pack=x", "a b", "main"]) {
    await expect(taskOn(repo, 1, { branch }), branch).rejects.toThrow(
      /Not a branch name|never its base/,
    );
  }
});

test("works with branches and a base of unusual names, and SHA-256", async () => {
  await using repo = await makeRepository({ files: null });
  await rm(repo.path, { recursive: true });
  await repo.git(
    ["init", "-q", "--bare", "--object-format=sha256", "-b", "größe/$(id)", repo.path],
    repo.root,
  );
  const seed = join(repo.root, "seed");
  await repo.git(["init", "-q", "--object-format=sha256", seed], repo.root);
  await repo.git(["commit", "-q", "--allow-empty", "-m", "First"], seed);
  await repo.git(["push", "-q", repo.path, "HEAD:refs/heads/größe/$(id)"], seed);
  const { workspace, path, commit, signal } = await taskOn(repo, 1, {
    base: "größe/$(id)",
    branch: "amp/ветка-'quote'",
  });
  await workspace.prepare(signal);
  await writeFiles(path, { "a b/ünï\tcode\n.txt": "x\n", "-rf": "y\n" });
  const { head, files } = await commit();
  expect(files).toEqual(["-rf", "a b/ünï\tcode\n.txt"]);
  expect(head).toHaveLength(64);
  expect(await workspace.push(head, null, signal)).toEqual({ is: "pushed" });
  expect(await repo.git(["rev-parse", "refs/heads/amp/ветка-'quote'"])).toBe(head);
});

test("fetches from a shallow clone", async () => {
  await using repo = await makeRepository();
  await repo.commit({ "second.txt": "" });
  await repo.git(
    ["clone", "-q", "--depth=1", `file://${repo.path.replaceAll(" ", "%20")}`, "shallow"],
    repo.root,
  );
  const task = await taskOn({ ...repo, path: join(repo.root, "shallow") });
  await task.workspace.prepare(task.signal);
  expect(await readText(task.path, "second.txt")).toBe("");
});

const leftovers: [name: string, leave: (task: Awaited<ReturnType<typeof taskOn>>) => unknown][] = [
  [
    "a half-made copy",
    ({ copyDir }) => writeFiles(copyDir.replace(/\.git$/, ".new"), { HEAD: "ref" }),
  ],
  [
    "a worktree that was only registered",
    async ({ workspace, adminDir, path, signal }) => {
      await workspace.prepare(signal);
      await rm(path, { recursive: true });
      await rm(adminDir, { recursive: true });
      await writeFiles(adminDir, { locked: "initializing", HEAD: "ref: refs/heads/x" });
    },
  ],
  [
    "a worktree whose HEAD is not yet a commit",
    async ({ workspace, adminDir, copyDir, path, signal }) => {
      await workspace.prepare(signal);
      await rm(path, { recursive: true });
      await rm(adminDir, { recursive: true });
      await rm(join(copyDir, "refs/heads/amp/task-1"));
      const gitdir = `${path}/.git\n`;
      const HEAD = `${"0".repeat(40)}\n`;
      await writeFiles(adminDir, { locked: "initializing", gitdir, commondir: "../..\n", HEAD });
    },
  ],
  [
    "a half checked out worktree",
    async ({ workspace, adminDir, path, signal }) => {
      await workspace.prepare(signal);
      await rm(join(adminDir, "ampx.json"));
      await rm(join(adminDir, "index"));
      await rm(join(path, "README.md"));
      await writeFile(join(adminDir, "index.lock"), "");
    },
  ],
  [
    "a worktree that git had not yet let go",
    async ({ workspace, adminDir, path, signal }) => {
      await workspace.prepare(signal);
      await rm(join(adminDir, "ampx.json"));
      await writeFiles(adminDir, { locked: "initializing\n" });
      await rm(join(path, "README.md"));
    },
  ],
  ["a folder without registration", ({ path }) => writeFiles(path, { "stray.txt": "" })],
  [
    "locks of a killed fetch",
    async ({ workspace, copyDir, adminDir, signal }) => {
      await workspace.prepare(signal);
      await rm(adminDir, { recursive: true });
      await writeFiles(copyDir, {
        "refs/remotes/origin/main.lock": "",
        "packed-refs.lock": "",
        "refs/heads/amp/task-1.lock": "",
      });
    },
  ],
  [
    "an emptied HEAD and lock files",
    async ({ workspace, adminDir, copyDir, signal }) => {
      await workspace.prepare(signal);
      await writeFiles(adminDir, { HEAD: "", "index.lock": "", "HEAD.lock": "" });
      await writeFiles(copyDir, { "refs/heads/amp/task-1.lock": "" });
    },
  ],
  [
    "a .git file that is gone",
    async ({ workspace, path, signal }) => {
      await workspace.prepare(signal);
      await rm(join(path, ".git"));
    },
  ],
];

test.for(leftovers)("gets past %s", async ([, leave]) => {
  await using repo = await makeRepository();
  const before = await taskOn(repo);
  await leave(before);
  await repo.commit({ "new.txt": "new\n" });
  const { workspace, path, signal, commit } = await taskOn(repo);
  await workspace.prepare(signal);
  expect(await repo.git(["status", "--porcelain"], path)).toBe("");
  expect(await repo.git(["symbolic-ref", "HEAD"], path)).toBe("refs/heads/amp/task-1");
  await writeFiles(path, { "work.txt": "" });
  expect((await commit()).files).toEqual(["work.txt"]);
  expect(await readdir(join(repo.home, "repos"))).not.toContain(expect.stringMatching(/\.new$/));
});
