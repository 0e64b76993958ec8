import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, person } from "./ampx.ts";

let ada: Person;

beforeAll(async () => {
  ada = await person();
  const script = join(ada.folder, "script.yaml");
  await writeFile(script, JSON.stringify({ turns: [[{ say: "Let me think." }, { hang: true }]] }));
  ada.env["AMPX_AGENT"] = "scripted";
  ada.env["AMPX_AGENTS_SCRIPTED_SCRIPT"] = script;
  await ada.ampx(["init", "shop"]);
  const clone = join(ada.folder, "clone");
  await mkdir(clone);
  await ada.git(clone, "init", "--quiet", "--initial-branch=main");
  await ada.git(clone, "commit", "--quiet", "--allow-empty", "-m", "First");
  await ada.git(clone, "push", "--quiet", join(ada.folder, "shop/repo.git"), "main", "main:taken");
});
afterAll(() => ada[Symbol.asyncDispose]());

test("what the project says of attempts and silence counts for its tasks", async () => {
  await writeFile(join(ada.folder, "shop/ampx.yaml"), "max_attempts: 1\nstall_minutes: 0.02\n");
  const started = await ada.ampx(["start", "--repo", "shop", "--task", "Think", "--follow"]);
  expect(started.code).toBe(1);
  const [task] = JSON.parse((await ada.ampx(["ls", "--json"])).stdout).tasks;
  expect(task).toMatchObject({
    status: "needs_review",
    max_attempts: 1,
    waiting_for: "you: the attempts are spent (1 of 1 attempts)",
    summary: "attempt 1: stalled, changed nothing",
  });
});

test("a branch that is there already is refused at the start", async () => {
  const refused = await ada.ampx([
    "start",
    "--repo",
    "shop",
    "--task",
    "Think",
    "--branch",
    "taken",
  ]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain('✗ Branch "taken" exists already in');
  expect(refused.stderr).toContain("try: choose another name: --branch");
});

test("a project file that sets what it may not is told with file, line and column", async () => {
  await writeFile(join(ada.folder, "shop/ampx.yaml"), "slots: 50\n");
  const refused = await ada.ampx(["start", "--repo", "shop", "--task", "Think"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("shop/ampx.yaml:1:1");
});
