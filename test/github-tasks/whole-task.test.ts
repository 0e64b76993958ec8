import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { homePaths } from "@ampx/core";
import { expect, test } from "vitest";
import { makeGitHubWorld } from "./github-world.ts";

test("green first time: one push, one pull request, the token nowhere", async () => {
  await using world = await makeGitHubWorld();
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  const { state } = await world.ends(id, "ready");

  const [pull, ...more] = world.repository.issues();
  expect(more).toEqual([]);
  expect(pull).toMatchObject({ title: "Answer", pull: { draft: false } });
  expect(pull?.body).toContain("> Answer with 42.");
  expect(pull?.body).toContain("> It is 42.");
  expect(state.change).toBe(`${world.github.url}/acme/shop/pull/${pull?.number}`);
  expect(world.repository.runs(state.pushed ?? "")).toHaveLength(1);
  expect(await world.repository.read("amp/task-1", "answer")).toBe("42");

  const { stdout } = await promisify(execFile)("grep", ["-rla", world.token, world.home]).catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(stdout).toBe("");
});

test("red, then green: the excerpt of the job's log goes back to the agent", async () => {
  await using world = await makeGitHubWorld({ answers: ["41", "42"] });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  const { state } = await world.ends(id, "ready");
  expect(state.attempts.map(({ verdict, failure }) => [verdict, failure])).toEqual([
    ["failed", expect.stringContaining("the answer is 41")],
    ["passed", null],
  ]);
  const [pull] = world.repository.issues();
  expect(pull?.body).toContain("the answer is 41");
  // The log as GitHub gave it, which nobody has redacted.
  const left = await readdir(homePaths(world.home).tmp);
  expect(left.filter((name) => name.startsWith("ci-"))).toEqual([]);
});

test("without CI it is not green, and says why", async () => {
  await using world = await makeGitHubWorld({ files: {} });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  const { state } = await world.ends(id, "needs_review");
  expect(state.phase).toMatchObject({
    reason: "no_ci",
    detail: "the commit has no workflow in .github/workflows",
  });
  expect(world.repository.issues()).toEqual([]);
});
