import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@ampx/core";
import { expect, test } from "vitest";
import {
  makeRepository,
  readText,
  writeFiles,
  type Files,
  type RepositoryFixture,
} from "./fixture.ts";
import { taskOn } from "./workspace-fixture.ts";

async function working(repo: RepositoryFixture, files: Files = { "a.txt": "a\n" }) {
  const task = await taskOn(repo);
  await task.workspace.prepare(task.signal);
  await writeFiles(task.path, files);
  const { head } = await task.commit();
  return {
    ...task,
    head,
    rebase: (signal = task.signal) => task.workspace.rebase(signal),
    git: (...args: string[]) => repo.git(args, task.path),
  };
}

test("a branch that contains the newest base stays as it is", async () => {
  await using repo = await makeRepository();
  const { head, rebase, git } = await working(repo);
  expect(await rebase()).toEqual({
    is: "rebased",
    commit: head,
    base: await git("rev-parse", "origin/main"),
  });
});

test("puts the branch on the newest base; authors stay, the configured name commits", async () => {
  await using repo = await makeRepository();
  const { rebase, git, path } = await working(repo);
  await repo.git(["commit", "-q", "--allow-empty", "-m", "By somebody"], path);
  const tip = await repo.commit({ "b.txt": "b\n" });
  const result = await rebase();
  expect(result).toEqual({
    is: "rebased",
    commit: await git("rev-parse", "refs/heads/amp/task-1"),
    base: tip,
  });
  expect(await git("log", "--format=%an|%cn|%s", `${tip}..HEAD`)).toBe(
    "Somebody|ampx bot|By somebody\nampx bot|ampx bot|Work",
  );
  expect(await readText(path, "b.txt")).toBe("b\n");
  expect(await rebase()).toEqual(result);
});

test("merges the base into a branch that holds merges, whose resolutions stay", async () => {
  await using repo = await makeRepository();
  const { rebase, git, path, commit } = await working(repo, { "README.md": "ours\n" });
  await repo.commit({ "README.md": "theirs\n" });
  await git("fetch", "-q", "origin");
  await git("merge", "-q", "origin/main").catch(() => "the conflict");
  await writeFiles(path, { "README.md": "both\n" });
  await commit();
  const tip = await repo.commit({ "b.txt": "b\n" });
  expect(await rebase()).toMatchObject({ is: "rebased", base: tip });
  expect(await readText(path, "README.md")).toBe("both\n");
  expect(await git("log", "-1", "--format=%cn|%s")).toBe("ampx bot|Merge main");
  expect(await git("merge-base", "HEAD", tip)).toBe(tip);
});

test.for(["a line", "merges"])(
  "names the files in conflict and leaves a branch of %s as it was",
  async (history) => {
    await using repo = await makeRepository();
    const { rebase, git, path } = await working(repo, { "README.md": "ours\n" });
    if (history === "merges") {
      await git("checkout", "-q", "-b", "side", "HEAD~1");
      await writeFiles(path, { "side.txt": "" });
      await git("add", ".");
      await git("commit", "-q", "-m", "Side");
      await git("checkout", "-q", "amp/task-1");
      await git("merge", "-q", "--no-ff", "side");
    }
    const head = await git("rev-parse", "HEAD");
    const tip = await repo.commit({ "README.md": "theirs\n", "new.txt": "" });
    const conflict = { is: "conflict", base: tip, files: ["README.md"] };
    expect(await rebase()).toEqual(conflict);
    expect(await git("rev-parse", "HEAD")).toBe(head);
    expect(await git("symbolic-ref", "HEAD")).toBe("refs/heads/amp/task-1");
    expect(await git("status", "--porcelain")).toBe("");
    expect(await rebase()).toEqual(conflict);
  },
);

test.for(["a line", "merges"])(
  "says so when the base holds the change already, and leaves a branch of %s as it was",
  async (history) => {
    await using repo = await makeRepository();
    const { rebase, git, path } = await working(repo);
    if (history === "merges") {
      await git("checkout", "-q", "-b", "side", "HEAD~1");
      await git("commit", "-q", "--allow-empty", "-m", "Side");
      await git("checkout", "-q", "amp/task-1");
      await git("merge", "-q", "--no-ff", "side");
    }
    const head = await git("rev-parse", "HEAD");
    await repo.commit({ "a.txt": "a\n", "b.txt": "b\n" });
    const tip = await repo.commit({ "c.txt": "c\n" });
    // As often as one asks.
    for (const _ of [1, 2]) {
      expect(await rebase()).toEqual({ is: "empty", base: tip });
      expect(await git("rev-parse", "refs/heads/amp/task-1")).toBe(head);
      expect(await git("symbolic-ref", "HEAD")).toBe("refs/heads/amp/task-1");
      expect(await git("status", "--porcelain")).toBe("");
      expect(await git("reflog", "show", "--format=%H", "-1", "amp/task-1")).toBe(head);
    }
    expect(await readText(path, "a.txt")).toBe("a\n");
  },
);

test("says so when the very same commit was cherry-picked onto the base", async () => {
  await using repo = await makeRepository();
  const { rebase, git, head } = await working(repo);
  await repo.commit({ "b.txt": "b\n" });
  const tip = await repo.commit({ "a.txt": "a\n" });
  expect(await rebase()).toEqual({ is: "empty", base: tip });
  expect(await git("rev-parse", "HEAD")).toBe(head);
});

test("says so when the branch contains the newest base and changes nothing", async () => {
  await using repo = await makeRepository();
  const { rebase, git } = await working(repo);
  await git("revert", "--no-edit", "HEAD");
  const head = await git("rev-parse", "HEAD");
  expect(await rebase()).toEqual({ is: "empty", base: await git("rev-parse", "origin/main") });
  expect(await git("rev-parse", "HEAD")).toBe(head);
});

test("a part of the change that the base holds already is left out, the rest stays", async () => {
  await using repo = await makeRepository();
  const { rebase, git, path, commit } = await working(repo);
  await writeFiles(path, { "rest.txt": "rest\n" });
  await commit("Rest");
  const tip = await repo.commit({ "a.txt": "a\n" });
  expect(await rebase()).toMatchObject({ is: "rebased", base: tip });
  expect(await git("log", "--format=%s", `${tip}..HEAD`)).toBe("Rest");
  expect(await git("symbolic-ref", "HEAD")).toBe("refs/heads/amp/task-1");
});

test("does not carry along or lose what is not committed", async () => {
  await using repo = await makeRepository();
  const { rebase, path } = await working(repo);
  await repo.commit({ "b.txt": "b\n" });
  await writeFiles(path, { "a.txt": "by hand\n" });
  await expect(rebase()).rejects.toThrow(UserError);
  expect(await readText(path, "a.txt")).toBe("by hand\n");
});

test("a file that is not tracked and in the way of the base is kept", async () => {
  await using repo = await makeRepository();
  const { rebase, path, git } = await working(repo);
  const head = await git("rev-parse", "HEAD");
  await repo.commit({ "b.txt": "theirs\n" });
  await writeFiles(path, { "b.txt": "by hand\n" });
  await expect(rebase()).rejects.toThrow("overwritten");
  expect(await readText(path, "b.txt")).toBe("by hand\n");
  expect(await git("rev-parse", "HEAD")).toBe(head);
});

test("a rebase that was killed anywhere is taken back and done anew", async () => {
  await using repo = await makeRepository();
  const { rebase, git, path, adminDir, head } = await working(repo);
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, number) => [`many/${number}.txt`, `${number}\n`]),
  );
  const tip = await repo.commit(many);
  await git("fetch", "-q", "origin");
  // As git leaves it when it is killed while it checks out the new base: files and journal are there, the index is not.
  await writeFiles(adminDir, {
    "ampx-rebase.json": JSON.stringify({ tip, untracked: [] }),
    "index.lock": "",
    "rebase-merge/head-name": "refs/heads/amp/task-1",
  });
  await writeFiles(path, { "many/1.txt": "1\n", "many/2.txt": "half", "README.md": "half" });
  const result = await rebase();
  expect(result).toMatchObject({ is: "rebased", base: tip });
  expect(await git("diff", "--name-only", tip, "HEAD")).toBe("a.txt");
  expect(await git("status", "--porcelain")).toBe("");
  expect(await git("rev-parse", "HEAD")).not.toBe(head);
});

test.for([1, 2, 4, 8, 16, 32])(
  "a rebase that is aborted after %d ms leaves the branch as it was or done",
  async (ms) => {
    await using repo = await makeRepository();
    const { rebase, git, head, path, adminDir } = await working(repo);
    const tip = await repo.commit({ "b.txt": "b\n" });
    const outcome = await rebase(AbortSignal.timeout(ms)).catch((error: unknown) => error);
    const at = await git("rev-parse", "refs/heads/amp/task-1");
    if (outcome instanceof Error && at !== head) expect(await git("merge-base", at, tip)).toBe(tip);
    expect(await git("status", "--porcelain")).toBe("");
    expect(await git("symbolic-ref", "HEAD")).toBe("refs/heads/amp/task-1");
    await rm(join(adminDir, "index.lock"), { force: true });
    expect(await rebase()).toMatchObject({ is: "rebased", base: tip });
    expect(await readText(path, "b.txt")).toBe("b\n");
  },
);
