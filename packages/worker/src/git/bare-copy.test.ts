import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TransientError, UserError } from "@ampx/core";
import { expect, test } from "vitest";
import { bareCopyOf, pastStaleLocks } from "./bare-copy.ts";
import { makeRepository, readText, writeFiles } from "./fixture.ts";
import { GitLocked } from "./git-failure.ts";
import { resolveRepository } from "./repository.ts";
import { taskOn } from "./workspace-fixture.ts";

/** For the whole file, however slow the machine is. */
const signal = AbortSignal.timeout(600_000);

test("repositories of the same name have copies of their own, one has the same by any path", async () => {
  await using one = await makeRepository({ name: "Größe & Co.git" });
  await using two = await makeRepository({ name: "Größe & Co.git" });
  const [first, again, second] = await Promise.all(
    [one.path, `${one.path}/refs`, two.path].map(
      async (path) => bareCopyOf("/home", await resolveRepository(path, { cwd: "/" })).dir,
    ),
  );
  expect(first).toMatch(/^\/home\/repos\/gr-e-co-[0-9a-f]{12}\.git$/);
  expect(again).toBe(first);
  expect(second).not.toBe(first);
});

test("a fetch that prunes never touches the branches of live worktrees", async () => {
  await using repo = await makeRepository();
  const task = await taskOn(repo);
  await task.workspace.prepare(signal);
  await writeFiles(task.path, { "a.txt": "" });
  const { head } = await task.commit();
  await task.workspace.push(head, null, signal);
  await task.workspace.prepare(signal);
  expect(await repo.git(["rev-parse", "refs/remotes/origin/amp/task-1"], task.copyDir)).toBe(head);
  await repo.git(["branch", "-D", "amp/task-1"]);
  await task.workspace.prepare(signal);
  expect(await repo.git(["for-each-ref", "--format=%(refname)"], task.copyDir)).toBe(
    "refs/heads/amp/task-1\nrefs/remotes/origin/main",
  );
  // Agents' own git, too.
  await repo.git(["fetch", "--prune", "origin"], task.path);
  await repo.git(["worktree", "prune", "--expire=now"], task.path);
  expect(await repo.git(["rev-parse", "HEAD"], task.path)).toBe(head);
});

test.for(["prepare", "commit"] as const)(
  "what agents have changed for all tasks of the repository is put back by %s, which says so",
  async (verb) => {
    await using repo = await makeRepository();
    const task = await taskOn(repo);
    expect((await task.workspace.prepare(signal)).notes).toEqual([]);
    const config = await readText(task.copyDir, "config");
    await repo.git(["config", "core.hooksPath", ".husky"], task.path);
    await writeFiles(task.copyDir, {
      "ampx.config": "half",
      "hooks/pre-commit": "exit 1\n",
      "info/exclude": "*\n",
    });
    await writeFiles(task.path, { "a.txt": "" });
    const { notes } =
      verb === "commit" ? await task.commit() : await task.workspace.prepare(signal);
    expect(notes).toEqual([
      "the git config that all tasks of this repository share was changed: put back",
      "hooks was added to what all tasks of this repository share: removed",
      "info/exclude was added to what all tasks of this repository share: removed",
    ]);
    expect(await readText(task.copyDir, "config")).toBe(config);
    expect(existsSync(join(task.copyDir, "hooks"))).toBe(false);
    expect(await repo.git(["config", "user.email"], task.path)).toBe("bot@example.org");
    expect((await task.commit()).files).toEqual(["a.txt"]);
  },
);

test("the config of a copy that an earlier version made is left as it is", async () => {
  await using repo = await makeRepository();
  const task = await taskOn(repo);
  await task.workspace.prepare(signal);
  await rm(join(task.copyDir, "ampx.made.config"));
  await repo.git(["config", "core.abbrev", "12"], task.copyDir);
  expect((await task.workspace.prepare(signal)).notes).toEqual([]);
  expect(await repo.git(["config", "core.abbrev"], task.path)).toBe("12");
});

test("says which copy is damaged, and removes nothing", async () => {
  await using repo = await makeRepository();
  const task = await taskOn(repo);
  await writeFiles(task.copyDir, { "objects/precious": "" });
  await expect(task.workspace.prepare(signal)).rejects.toThrow(UserError);
  expect(existsSync(join(task.copyDir, "objects/precious"))).toBe(true);
});

test("says that the remote is gone", async () => {
  await using repo = await makeRepository();
  const task = await taskOn(repo);
  await task.workspace.prepare(signal);
  await rename(repo.path, `${repo.path}.away`);
  await expect(task.workspace.prepare(signal)).rejects.toMatchObject({
    name: "UserError",
    kind: "not_found",
  });
});

test("removes the lock of a dead git, not one that somebody still renews", async () => {
  await using repo = await makeRepository();
  const dir = join(repo.root, "copy");
  await writeFiles(dir, { "refs/heads/a.lock": "", "packed-refs.lock": "" });
  let tries = 0;
  const locked = () => {
    tries++;
    return existsSync(join(dir, "packed-refs.lock"))
      ? Promise.reject(new GitLocked("locked"))
      : Promise.resolve("done");
  };
  expect(await pastStaleLocks(dir, signal, locked)).toBe("done");
  expect(tries).toBe(2);

  let renewals = 0;
  const renew = async () => {
    await writeFiles(dir, { renewed: String(++renewals) });
    await rename(join(dir, "renewed"), join(dir, "packed-refs.lock"));
  };
  await renew();
  const over = new AbortController();
  // One after the other: on a busy machine a renewal may take longer than the pause between two.
  const renewing = (async () => {
    for (; !over.signal.aborted; await sleep(100)) await renew();
  })();
  try {
    await expect(pastStaleLocks(dir, signal, locked)).rejects.toBeInstanceOf(TransientError);
  } finally {
    over.abort();
    await renewing;
  }
  expect(renewals).toBeGreaterThan(1);
});
