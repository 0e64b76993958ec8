import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { TransientError } from "@ampx/core";
import { expect, test } from "vitest";
import { makeRepository, readText, writeFiles, type RepositoryFixture } from "./fixture.ts";
import { taskOn } from "./workspace-fixture.ts";

async function committed(repo: RepositoryFixture) {
  const task = await taskOn(repo);
  const { base } = await task.workspace.prepare(task.signal);
  await writeFiles(task.path, { "a.txt": "a\n" });
  const { head } = await task.commit();
  const push = (commit: string, expected: string | null) =>
    task.workspace.push(commit, expected, task.signal);
  const remote = (branch = "amp/task-1") => repo.git(["rev-parse", `refs/heads/${branch}`]);
  return { ...task, base, head, push, remote };
}

async function hook(repo: RepositoryFixture, name: string, script: string): Promise<void> {
  await writeFiles(repo.path, { [`hooks/${name}`]: `#!/bin/sh\n${script}\n` });
  await chmod(join(repo.path, "hooks", name), 0o755);
}

test("pushes only its own branch, once", async () => {
  await using repo = await makeRepository();
  await hook(repo, "post-receive", `cat >> '${repo.root}/pushes'`);
  const { base, head, push, remote } = await committed(repo);
  expect(await push(head, null)).toEqual({ is: "pushed" });
  expect(await push(head, null)).toEqual({ is: "pushed" });
  expect(await remote()).toBe(head);
  expect(await remote("main")).toBe(base);
  expect(await readText(repo.root, "pushes")).toBe(
    `${"0".repeat(40)} ${head} refs/heads/amp/task-1\n`,
  );
});

test("replaces what it pushed before, rewritten history included", async () => {
  await using repo = await makeRepository();
  const { head, push, remote, path, commit } = await committed(repo);
  await push(head, null);
  await repo.git(["commit", "-q", "--amend", "-m", "Rewritten"], path);
  const second = (await commit()).head;
  expect(await push(second, head)).toEqual({ is: "pushed" });
  expect(await remote()).toBe(second);
});

test("does not push over what somebody else has put there", async () => {
  await using repo = await makeRepository();
  const { head, push, remote, path, commit } = await committed(repo);
  await push(head, null);
  const theirs = await repo.commit({ "theirs.txt": "" }, { branch: "amp/task-1" });
  await writeFiles(path, { "b.txt": "" });
  const second = (await commit()).head;
  expect(await push(second, head)).toEqual({
    is: "rejected",
    by: "moved",
    found: theirs,
    detail: expect.stringContaining(`amp/task-1 is at ${theirs.slice(0, 10)}`),
  });
  expect(await remote()).toBe(theirs);
});

test("does not bring back a branch that somebody has deleted", async () => {
  await using repo = await makeRepository();
  const { head, push } = await committed(repo);
  await push(head, null);
  await repo.git(["branch", "-D", "amp/task-1"]);
  expect(await push(head, head)).toMatchObject({
    is: "rejected",
    by: "moved",
    found: null,
    detail: expect.stringContaining("is gone"),
  });
});

test("brings a declining hook's words, fit to be shown", async () => {
  await using repo = await makeRepository();
  await hook(
    repo,
    "pre-receive",
    `printf 'no \\033[31mTODO\\033[0m allowed\\nsee https://me:sekret@example.org/x\\n' >&2; exit 1`,
  );
  const { head, push } = await committed(repo);
  expect(await push(head, null)).toEqual({
    is: "rejected",
    by: "declined",
    found: null,
    detail: "pre-receive hook declined\nno TODO allowed\nsee https://***@example.org/x",
  });
});

test("a hook that moves the branch itself and declines has moved it", async () => {
  await using repo = await makeRepository();
  const { base, head, push } = await committed(repo);
  await hook(
    repo,
    "update",
    `unset GIT_QUARANTINE_PATH; git update-ref refs/heads/amp/task-1 ${base}; exit 1`,
  );
  expect(await push(head, null)).toMatchObject({ is: "rejected", by: "moved", found: base });
});

test("bounds the words of a hook that prints without end", async () => {
  await using repo = await makeRepository();
  await hook(repo, "update", "yes noise | head -n 200000; exit 1");
  const { head, push } = await committed(repo);
  const result = await push(head, null);
  expect(result).toMatchObject({ is: "rejected", found: null });
  expect(JSON.stringify(result).length).toBeLessThan(3_000);
});

test("a push whose hook fails or is killed afterwards has happened all the same", async () => {
  await using repo = await makeRepository();
  await hook(repo, "post-receive", "kill -9 $PPID");
  const { head, push, remote } = await committed(repo);
  expect(await push(head, null)).toEqual({ is: "pushed" });
  expect(await remote()).toBe(head);
});

test("what the remote's hooks start does not carry the task's mark", async () => {
  await using repo = await makeRepository();
  await hook(repo, "post-receive", `env > '${repo.root}/env'`);
  const { head, push } = await committed(repo);
  await push(head, null);
  expect(await readText(repo.root, "env")).not.toContain("AMPX_MARK");
});

test("a branch that is checked out in the clone is rejected in words", async () => {
  await using repo = await makeRepository({ kind: "clone" });
  const { head, push, path, commit } = await committed(repo);
  await push(head, null);
  await repo.git(["checkout", "-q", "amp/task-1"]);
  await writeFiles(path, { "b.txt": "" });
  const result = await push((await commit()).head, head);
  expect(result).toMatchObject({
    is: "rejected",
    by: "declined",
    found: head,
    detail: expect.stringContaining("checked out"),
  });
});

test("a name that cannot stand beside a branch of the remote is rejected, not tried for ever", async () => {
  await using repo = await makeRepository();
  const { head, push } = await committed(repo);
  await repo.git(["branch", "amp", "main"]);
  expect(await push(head, null)).toMatchObject({
    is: "rejected",
    by: "declined",
    found: null,
    detail: expect.stringContaining("exists; cannot create"),
  });
});

test("a lock at the remote is for later", async () => {
  await using repo = await makeRepository();
  const { head, push } = await committed(repo);
  await writeFiles(repo.path, { "refs/heads/amp/task-1.lock": "" });
  await expect(push(head, null)).rejects.toBeInstanceOf(TransientError);
});

test("of two pushes at once to one branch, one is taken", async () => {
  await using repo = await makeRepository();
  const { head, push, remote, path, commit } = await committed(repo);
  await writeFiles(path, { "b.txt": "" });
  const second = (await commit()).head;
  const results = await Promise.all(
    [push(head, null), push(second, null)].map((result) => result.catch((error: unknown) => error)),
  );
  const winner = await remote();
  expect([head, second]).toContain(winner);
  expect(results[winner === head ? 0 : 1]).toEqual({ is: "pushed" });
  expect(results[winner === head ? 1 : 0]).toMatchObject({
    is: "rejected",
    by: "moved",
    found: winner,
  });
});
