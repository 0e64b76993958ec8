import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sha } from "@ampx/core";
import { afterAll, expect, onTestFinished, test } from "vitest";
import type { Meeting } from "../ports.ts";
import { makeRepository, writeFiles, type Files, type RepositoryFixture } from "./fixture.ts";
import { taskOn } from "./workspace-fixture.ts";

type Git = RepositoryFixture["git"];
type Change = Files | ((git: Git, cwd: string) => Promise<unknown>);

const lines = (changes: Record<number, string> = {}) =>
  Array.from({ length: 30 }, (_, n) => `${changes[n] ?? n}\n`).join("");

// All of them share one copy, in which every branch has a name of its own.
const repo = await makeRepository({ files: { a: lines(), b: lines(), "logo.png": "\0\u0001" } });
afterAll(() => repo[Symbol.asyncDispose]());
const task = await taskOn(repo);
await task.workspace.prepare(task.signal);
const clone = join(repo.root, "clone");
await repo.git(["clone", "--quiet", repo.path, clone], repo.root);
let branches = 0;

/** A branch off main with a change, which the copy has then; its newest commit. */
async function branch(change: Change, from = "origin/main"): Promise<Sha> {
  const name = `branch-${branches++}`;
  await repo.git(["checkout", "--quiet", "-b", name, "--no-track", from], clone);
  if (typeof change === "function") await change(repo.git, clone);
  else await writeFiles(clone, change);
  await repo.git(["add", "--all"], clone);
  await repo.git(["commit", "--quiet", "-m", name], clone);
  await repo.git(["fetch", "--quiet", clone, "HEAD"], task.copyDir);
  return repo.git(["rev-parse", "HEAD"], clone);
}

async function meetings(own: Sha | null, ...others: Sha[]): Promise<Meeting[]> {
  const tmp = await mkdtemp(join(repo.root, 'tmp "quoted": '));
  return task.workspace.meetings(own, others, tmp, task.signal);
}

/** Each meeting without its commit. */
async function meet(own: Sha | null, ...others: Sha[]): Promise<Omit<Meeting, "commit">[]> {
  return (await meetings(own, ...others)).map(({ files, conflicts }) => ({ files, conflicts }));
}

test("the same line in both is the same file, and a conflict", async () => {
  const own = await branch({ a: lines({ 3: "x" }) });
  const other = await branch({ a: lines({ 3: "y" }), b: "z\n" });
  expect(await meet(own, other)).toEqual([{ files: ["a"], conflicts: ["a"] }]);
});

test("different lines of one file are the same file without a conflict", async () => {
  const own = await branch({ a: lines({ 1: "x" }) });
  const other = await branch({ a: lines({ 28: "y" }) });
  expect(await meet(own, other)).toEqual([{ files: ["a"], conflicts: [] }]);
});

test("branches that change different files do not meet, and each of several others is told apart", async () => {
  const own = await branch({ a: "x\n" });
  const apart = await branch({ b: "x\n" });
  const met = await branch({ a: "y\n" });
  expect(await meet(own, apart)).toEqual([]);
  expect(await meetings(own, apart, met)).toEqual([
    { commit: met, files: ["a"], conflicts: ["a"] },
  ]);
});

test("a file that one renames and the other changes is met under its old name", async () => {
  const own = await branch((git, cwd) => git(["mv", "a", "c"], cwd));
  const other = await branch({ a: lines({ 3: "y" }) });
  expect(await meet(own, other)).toEqual([{ files: ["a"], conflicts: [] }]);
});

test("a file that one adds to a folder which the other renames is where git would ask", async () => {
  const start = await branch({ "old/x": lines(), "old/y": lines({ 1: "y" }) });
  const own = await branch((git, cwd) => git(["mv", "old", "new"], cwd), start);
  const other = await branch({ "old/z": "z\n" }, start);
  await repo.git(["update-ref", "refs/remotes/origin/main", start], task.copyDir);
  onTestFinished(async () => {
    await repo.git(["update-ref", "refs/remotes/origin/main", `${start}~1`], task.copyDir);
  });
  expect(await meet(own, other)).toEqual([{ files: [], conflicts: ["new/z"] }]);
});

test("a file that both rename, each in another way, is a conflict", async () => {
  const own = await branch((git, cwd) => git(["mv", "a", "c"], cwd));
  const other = await branch((git, cwd) => git(["mv", "a", "d"], cwd));
  expect(await meet(own, other)).toEqual([{ files: ["a"], conflicts: ["a", "c", "d"] }]);
});

test("a file that one deletes and the other changes is a conflict", async () => {
  const own = await branch((git, cwd) => git(["rm", "--quiet", "a"], cwd));
  const other = await branch({ a: lines({ 3: "y" }) });
  expect(await meet(own, other)).toEqual([{ files: ["a"], conflicts: ["a"] }]);
});

test("a binary file that both change is a conflict", async () => {
  const own = await branch({ "logo.png": "\0\u0001\u0003" });
  const other = await branch({ "logo.png": "\0\u0001\u0004" });
  expect(await meet(own, other)).toEqual([{ files: ["logo.png"], conflicts: ["logo.png"] }]);
});

test("a file where the other has a folder is in its way", async () => {
  const own = await branch({ lib: "x\n" });
  const other = await branch({ "lib/x": "x\n" });
  const [met] = await meet(own, other);
  expect(met?.files).toEqual(["lib"]);
  expect(met?.conflicts).not.toEqual([]);
});

test("the same change in both is no conflict", async () => {
  const own = await branch({ a: "x\n" });
  const other = await branch({ a: "x\n" });
  expect(await meet(own, other)).toEqual([{ files: ["a"], conflicts: [] }]);
});

test("names are told as they are, whatever is in them", async () => {
  const odd = ["line\nbreak", 'quo"ted', "größe 中.md", "-dash", "tab\there", " space "];
  const own = await branch(Object.fromEntries(odd.map((name) => [name, "x\n"])));
  const other = await branch(Object.fromEntries(odd.map((name) => [name, "y\n"])));
  const [met] = await meet(own, other);
  expect(met?.files).toEqual(odd.toSorted());
  expect(met?.conflicts.toSorted()).toEqual(odd.toSorted());
});

test("what the base itself did is neither's doing", async () => {
  const own = await branch({ a: lines({ 3: "x" }) });
  const main = await branch({ a: lines({ 3: "main" }) });
  const other = await branch({ b: "z\n" }, main);
  await repo.git(["update-ref", "refs/remotes/origin/main", main], task.copyDir);
  onTestFinished(async () => {
    await repo.git(["update-ref", "refs/remotes/origin/main", `${main}~1`], task.copyDir);
  });
  expect(await meet(own, other)).toEqual([]);
});

test("of a task that has pushed nothing yet, all that the others change is told", async () => {
  const other = await branch({ b: "y\n", "src/new": "y\n" });
  expect(await meet(null, other)).toEqual([{ files: ["b", "src/new"], conflicts: [] }]);
});

test("what is not in the copy is left out, be it the other or the own", async () => {
  const own = await branch({ a: "x\n" });
  const other = await branch({ a: "y\n" });
  const absent = "0123456789".repeat(4);
  expect(await meet(own, absent, other)).toHaveLength(1);
  expect(await meet(absent, other)).toEqual([]);
});

test("a branch without a common history is left out", async () => {
  const own = await branch({ a: "x\n" });
  const alone = await branch((git, cwd) => git(["checkout", "--quiet", "--orphan", "root"], cwd));
  expect(await meet(own, alone)).toEqual([]);
  expect(await meet(alone, own)).toEqual([]);
});

test("nothing is left in the copy, no ref is moved and no worktree touched", async () => {
  const own = await branch({ a: lines({ 3: "x" }) });
  const other = await branch({ a: lines({ 3: "y" }) });
  const seen = async () => ({
    objects: await readdir(join(task.copyDir, "objects"), { recursive: true }),
    refs: await repo.git(["for-each-ref"], task.copyDir),
    status: await repo.git(["status", "--porcelain"], task.path),
  });
  const before = await seen();
  const tmp = await mkdtemp(join(repo.root, "tmp-"));
  await task.workspace.meetings(own, [other], tmp, task.signal);
  expect(await seen()).toEqual(before);
  expect(await readdir(tmp)).not.toEqual([]);
});

test("what agents have set up in the copy has no say, and runs nothing", async () => {
  const own = await branch({ a: lines({ 3: "x" }) });
  const other = await branch({ a: lines({ 3: "y" }) });
  const trap = join(repo.root, "trap");
  await repo.git(["config", "merge.trap.driver", `touch '${trap}'`], task.copyDir);
  await mkdir(join(task.copyDir, "info"), { recursive: true });
  await writeFile(join(task.copyDir, "info/attributes"), "* merge=trap\n");
  expect(await meet(own, other)).toEqual([{ files: ["a"], conflicts: ["a"] }]);
  expect(existsSync(trap)).toBe(false);
  // Another git in the copy would have run it.
  await repo.git(["merge-tree", "--write-tree", own, other], task.copyDir);
  expect(existsSync(trap)).toBe(true);
  await rm(join(task.copyDir, "info/attributes"));
});

test("a look that takes too long is ended", async () => {
  const own = await branch({ a: "x\n" });
  const late = AbortSignal.abort(new Error("too long"));
  await expect(task.workspace.meetings(own, [own], repo.root, late)).rejects.toThrow("too long");
});
