import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { homePaths } from "@ampx/core";
import { expect, test, vi } from "vitest";
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

test("the token is on no command line of git, and no agent sees it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ampx-git-"));
  const asked = join(folder, "asked");
  const path = process.env["PATH"] ?? "";
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> '${asked}'\nPATH='${path}' exec git "$@"\n`;
  await writeFile(join(folder, "git"), script, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:${path}`);
  try {
    await using world = await makeGitHubWorld({
      turns: [[{ run: "echo 42 > answer; env > ../../../agent-env" }]],
    });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.ends(id, "ready");
    const commands = await readFile(asked, "utf8");
    expect(commands).toMatch(/\bpush\b/);
    expect(commands).not.toContain(world.token);
    // Nor in the form in which git is given it.
    expect(commands).not.toContain(Buffer.from(`x-access-token:${world.token}`).toString("base64"));
    const seen = await readFile(join(world.home, "../agent-env"), "utf8");
    expect(seen).toContain("AMPX_MARK=");
    expect(seen).not.toContain(world.token);
  } finally {
    await rm(folder, { recursive: true });
  }
});
