import { existsSync, readdirSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { TransientError } from "@ampx/core";
import { execa } from "execa";
import { expect, test, vi } from "vitest";
import { withCopy } from "./bare-copy.ts";
import {
  makeRepository,
  readText,
  writeFiles,
  type Files,
  type RepositoryFixture,
} from "./fixture.ts";
import { localForge } from "./local-forge.ts";
import { resolveRepository } from "./repository.ts";
import { taskOn } from "./workspace-fixture.ts";

/** For the whole file, however slow the machine is. */
const signal = AbortSignal.timeout(600_000);

/** A task whose work is pushed: what a forge is asked to merge. */
async function pushed(
  repo: RepositoryFixture,
  number = 1,
  files: Files = { [`task-${number}.txt`]: "work\n" },
) {
  const task = await taskOn(repo, number);
  const { base } = await task.workspace.prepare(signal);
  await writeFiles(task.path, files);
  const { head } = await task.commit();
  expect(await task.workspace.push(head, null, signal)).toEqual({ is: "pushed" });
  const repository = await resolveRepository(repo.path, { cwd: "/" });
  const forge = localForge({
    home: repo.home,
    repository,
    base: "main",
    branch: `amp/task-${number}`,
  });
  return { forge, head, base, task, main: () => repo.git(["rev-parse", "refs/heads/main"]) };
}

const kinds = ["bare", "clone"] as const;

test.for(kinds)("%s: there is nothing to open, as often as one asks", async (kind) => {
  await using repo = await makeRepository({ kind });
  const { forge, head } = await pushed(repo);
  const change = { url: `${repo.path}#amp/task-1` };
  const text = { title: "", block: "" };
  expect(await forge.findOrOpenChange(head, signal, text)).toEqual(change);
  expect(await forge.findOrOpenChange(head, signal, text)).toEqual(change);
});

test.for(kinds)("%s: moves the base forward, once", async (kind) => {
  await using repo = await makeRepository({ kind });
  const { forge, head, base, main } = await pushed(repo);
  expect(await forge.merge(head, base, signal)).toEqual({ is: "merged" });
  expect(await main()).toBe(head);
  expect(await forge.merge(head, base, signal)).toEqual({ is: "merged" });
  const later = await repo.commit({ "later.txt": "" });
  expect(await forge.merge(head, base, signal)).toEqual({ is: "merged" });
  expect(await main()).toBe(later);
});

test.for(kinds)("%s: says where the base is when it has moved", async (kind) => {
  await using repo = await makeRepository({ kind });
  const { forge, head, base, main } = await pushed(repo);
  const moved = await repo.commit({ "other.txt": "" });
  expect(await forge.merge(head, base, signal)).toEqual({ is: "base_moved", base: moved });
  // Naming the right base does not make it a fast-forward.
  expect(await forge.merge(head, moved, signal)).toEqual({ is: "base_moved", base: moved });
  expect(await main()).toBe(moved);
});

test.for(kinds)(
  "%s: of two merges at once one wins, the other finds the base moved",
  async (kind) => {
    await using repo = await makeRepository({ kind });
    const [one, two] = [await pushed(repo, 1), await pushed(repo, 2)];
    const results = await Promise.all([
      one.forge.merge(one.head, one.base, signal),
      two.forge.merge(two.head, two.base, signal),
    ]);
    const base = await one.main();
    expect([one.head, two.head]).toContain(base);
    const [winner, loser] = base === one.head ? results : results.toReversed();
    expect(winner).toEqual({ is: "merged" });
    expect(loser).toEqual({ is: "base_moved", base });
  },
);

test.for(kinds)("%s: of two merges from different homes, exactly one wins", async (kind) => {
  await using repo = await makeRepository({ kind });
  const one = await pushed(repo, 1);
  const two = await pushed({ ...repo, home: join(repo.root, "home 2") }, 2);
  const merges = [
    one.forge.merge(one.head, one.base, signal),
    two.forge.merge(two.head, two.base, signal),
  ];
  const results = await Promise.all(merges.map((merge) => merge.catch((error: unknown) => error)));
  const base = await one.main();
  const winner = base === one.head ? 0 : 1;
  expect(base).toBe([one.head, two.head][winner]);
  expect(results[winner]).toEqual({ is: "merged" });
  const loser = results[1 - winner];
  // In a clone git's own lock may come between: it is tried again, and then has moved.
  if (!(loser instanceof TransientError)) expect(loser).toEqual({ is: "base_moved", base });
});

test.for(kinds)("%s: refuses when the base branch is gone", async (kind) => {
  await using repo = await makeRepository({ kind });
  const { forge, head, base } = await pushed(repo);
  await repo.git(["update-ref", "-d", "refs/heads/main"]);
  expect(await forge.merge(head, base, signal)).toEqual({
    is: "refused",
    reason: `${repo.path} has no branch main any more`,
  });
});

test("bare: the repository's hooks decide, in their own words", async () => {
  await using repo = await makeRepository();
  const { forge, head, base, main } = await pushed(repo);
  await writeFiles(repo.path, {
    "hooks/update": '#!/bin/sh\necho "main is frozen ($1)"\nexit 1\n',
  });
  await chmod(join(repo.path, "hooks/update"), 0o755);
  expect(await forge.merge(head, base, signal)).toEqual({
    is: "refused",
    reason: expect.stringMatching(/^hook declined\nmain is frozen \(refs\/heads\/main\)\n/),
  });
  expect(await main()).toBe(base);
});

test("clone: files that are checked out move along", async () => {
  await using repo = await makeRepository({ kind: "clone", name: "it's here" });
  const { forge, head, base } = await pushed(repo);
  await writeFiles(repo.path, { "notes.txt": "mine\n" });
  expect(await forge.merge(head, base, signal)).toEqual({ is: "merged" });
  expect(await readText(repo.path, "task-1.txt")).toBe("work\n");
  expect(await repo.git(["status", "--porcelain"])).toBe("?? notes.txt");
});

/** A merge of thousands of files into a checkout that stands still in the middle until it is let go. */
async function heldMerge(repo: RepositoryFixture) {
  const count = 3_000;
  const many = Array.from({ length: count }, (_, n) => [`many/${1_000 + n}.txt`, `${n}\n`]);
  const task = await pushed(repo, 1, Object.fromEntries(many));
  await writeFiles(repo.path, { ".git/info/attributes": "many/2500.txt filter=held\n" });
  await writeFiles(repo.root, {
    "held.sh": `touch "$1/held"; while [ -d "$1" ] && [ ! -e "$1/go" ]; do sleep 0.02; done; cat`,
  });
  const quoted = (word: string) => `"${word}"`;
  const smudge = ["sh", quoted(join(repo.root, "held.sh")), quoted(repo.root)].join(" ");
  await repo.git(["config", "filter.held.smudge", smudge]);
  const checkedOut = () => readdirSync(join(repo.path, "many")).length;
  return {
    ...task,
    untilHeld: async () => {
      const held = () => existsSync(join(repo.root, "held"));
      await vi.waitUntil(held, { timeout: 20_000, interval: 5 });
      expect(checkedOut()).toBeLessThan(count);
    },
    letGo: () => writeFiles(repo.root, { go: "" }),
    expectMerged: async () => {
      expect(await task.main()).toBe(task.head);
      expect(await repo.git(["status", "--porcelain"])).toBe("");
      expect(checkedOut()).toBe(count);
      expect(existsSync(join(repo.path, ".git/index.lock"))).toBe(false);
    },
  };
}

test("clone: a merge that is aborted in the middle goes on to its end, and says so", async () => {
  await using repo = await makeRepository({ kind: "clone" });
  const { forge, head, base, untilHeld, letGo, expectMerged } = await heldMerge(repo);
  const stop = new AbortController();
  const merging = forge.merge(head, base, stop.signal).catch((error: unknown) => error);
  await untilHeld();
  stop.abort(new Error("stopped"));
  await letGo();
  expect(await merging).toEqual({ is: "merged" });
  await expectMerged();
});

test("clone: a merge goes on to its end when its worker is ended in the middle", async () => {
  await using repo = await makeRepository({ kind: "clone" });
  const { head, base, main, untilHeld, letGo, expectMerged } = await heldMerge(repo);
  const source = (name: string) => JSON.stringify(join(import.meta.dirname, name));
  await writeFiles(repo.root, {
    "worker.ts": `
      import { localForge } from ${source("local-forge.ts")};
      import { resolveRepository } from ${source("repository.ts")};
      const [path, home, sha, base] = process.argv.slice(2);
      const repository = await resolveRepository(path, { cwd: "/" });
      const forge = localForge({ home, repository, base: "main", branch: "amp/task-1" });
      await forge.merge(sha, base, new AbortController().signal);
    `,
  });
  const args = [join(repo.root, "worker.ts"), repo.path, repo.home, head, base];
  const child = execa(process.execPath, args, { reject: false });
  await untilHeld();
  child.kill("SIGTERM");
  expect((await child).signal).toBe("SIGTERM");
  await letGo();
  await vi.waitUntil(async () => (await main()) === head, { timeout: 20_000, interval: 20 });
  await expectMerged();
});

test.for(kinds)("%s: a merge that is aborted before its turn changes nothing", async (kind) => {
  await using repo = await makeRepository({ kind });
  const { forge, head, base, main, task } = await pushed(repo);
  const stop = new AbortController();
  const reason = new Error("stopped");
  await withCopy(task.copyDir, signal, async () => {
    const merging = forge.merge(head, base, stop.signal);
    stop.abort(reason);
    await expect(merging).rejects.toBe(reason);
  });
  expect(await main()).toBe(base);
});

test("clone: a base that is not checked out is moved alone", async () => {
  await using repo = await makeRepository({ kind: "clone" });
  const { forge, head, base, main } = await pushed(repo);
  await repo.git(["checkout", "-q", "-b", "feature"]);
  await writeFiles(repo.path, { "README.md": "unsaved\n" });
  expect(await forge.merge(head, base, signal)).toEqual({ is: "merged" });
  expect(await main()).toBe(head);
  expect(await readText(repo.path, "README.md")).toBe("unsaved\n");
});

test("a base that is checked out in a second worktree moves along there", async () => {
  await using repo = await makeRepository();
  await repo.git(["worktree", "add", "-q", "../second", "main"]);
  const { forge, head, base } = await pushed(repo);
  expect(await forge.merge(head, base, signal)).toEqual({ is: "merged" });
  expect(await readText(repo.root, "second/task-1.txt")).toBe("work\n");
});

test("clone: refuses over somebody's changes, and prints the command", async () => {
  await using repo = await makeRepository({ kind: "clone", name: "it's here" });
  const { forge, head, base, main } = await pushed(repo);
  await writeFiles(repo.path, { "README.md": "unsaved\n" });
  const command = `git -C '${repo.root}/it'\\''s here' merge --ff-only amp/task-1`;
  const refused = await forge.merge(head, base, signal);
  expect(refused).toEqual({
    is: "refused",
    reason: `${repo.path} has changes that are not committed. Commit or stash them, then: ${command}`,
  });
  expect(await main()).toBe(base);
  await repo.git(["stash", "-q"]);
  expect(await forge.merge(head, base, signal)).toEqual({ is: "merged" });
});

test.for(["untracked", "ignored"])(
  "clone: refuses to overwrite a file of somebody's that is %s",
  async (how) => {
    await using repo = await makeRepository({
      kind: "clone",
      files: { ".gitignore": how === "ignored" ? ".env\n" : "" },
    });
    const { forge, head, base, main } = await pushed(repo, 1, {
      ".gitignore": "",
      ".env": "theirs\n",
    });
    await writeFiles(repo.path, { ".env": "mine\n" });
    expect(await forge.merge(head, base, signal)).toMatchObject({
      is: "refused",
      reason: expect.stringMatching(/\.env[^]*Then: git -C/),
    });
    expect(await main()).toBe(base);
    expect(await readText(repo.path, ".env")).toBe("mine\n");
    expect(await repo.git(["status", "--porcelain", "--untracked-files=no"])).toBe("");
  },
);

test("clone: refuses while the base is being rebased", async () => {
  await using repo = await makeRepository({ kind: "clone" });
  await repo.git(["checkout", "-q", "-b", "side"]);
  await repo.commit({ "README.md": "side\n" }, { branch: "side" });
  await repo.commit({ "README.md": "main\n" }, { branch: "main" });
  const { forge, head, base, main } = await pushed(repo);
  await repo.git(["rebase", "side"]).catch(() => "the conflict");
  expect(await forge.merge(head, base, signal)).toEqual({
    is: "refused",
    reason: `main is being rebased in ${repo.path}: finish that first`,
  });
  expect(await main()).toBe(base);
});

test("clone: while somebody's git works there, it is for later", async () => {
  await using repo = await makeRepository({ kind: "clone" });
  const { forge, head, base } = await pushed(repo);
  await writeFiles(repo.path, { ".git/index.lock": "" });
  await expect(forge.merge(head, base, signal)).rejects.toBeInstanceOf(TransientError);
});
