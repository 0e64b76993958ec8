import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CiVerdict } from "@ampx/core";
import { acquireProcessLock, thisProcess } from "@ampx/store";
import { describe, expect, test } from "vitest";
import type { Ci } from "../ports.ts";
import {
  ciCommand,
  counted,
  exitOf,
  makeProject,
  patiently,
  remainsOf,
  type CiProject,
} from "./fixture.ts";
import { localCi, type LocalCiOptions } from "./local-ci.ts";
import { runWatch } from "./run-watch.ts";

const { signal } = new AbortController();

describe("the verdict", () => {
  test("is asked for again and again by several workers, and CI runs once", async () => {
    await using project = await makeProject({ beside: counted("sleep 0.3") });
    const sha = await project.work();
    const workers = [ciOf(project), ciOf(project), ciOf(project)];
    const first = await Promise.all(workers.map((ci) => ci.verdict(sha, signal)));
    for (const verdict of first) expect(verdict.is).toMatch(/^(running|passed)$/);
    expect(await verdictOf(workers[0]!, sha)).toEqual({ is: "passed", run: `local:${sha}` });
    expect(await project.runs()).toEqual([sha]);
    await nothingLeft(project, sha);
  });

  test("is failed with the log of ci.sh, and for another tool's status with its output", async () => {
    await using project = await makeProject({ beside: counted("echo broken", "exit 1") });
    const sha = await project.work();
    const ci = ciOf(project);
    expect(await verdictOf(ci, sha)).toEqual({
      is: "failed",
      run: `local:${sha}`,
      jobs: ["ci.sh"],
    });
    const { log } = project.paths(sha);
    expect(await ci.failures(sha, signal)).toEqual([{ job: "ci.sh", file: log }]);
    await nothingLeft(project, sha);
    await rm(log);
    expect(await ci.failures(sha, signal)).toEqual([{ job: "ci.sh", file: log }]);
    expect(await readFile(log, "utf8")).toBe("broken\n");
  });

  test("of a status with the documented keys alone counts", async () => {
    await using project = await makeProject();
    const sha = await project.work();
    await project.run(sha);
    const status = {
      ref: "work",
      commit: sha,
      status: "PASS",
      timestamp: "2026-01-01T00:00:00Z",
      duration: 1,
      output: "",
    };
    await writeFile(project.paths(sha).status, JSON.stringify(status));
    expect(await ciOf(project).verdict(sha, signal)).toMatchObject({ is: "passed" });
  });

  test.each([
    ["torn", (text: string) => text.slice(0, -20)],
    ["about another commit", (text: string) => text.replace(/"commit": "\w{4}/, '"commit": "0000')],
    ["of an unknown kind", (text: string) => text.replace("PASS", "GREEN")],
  ])("is never passed by a status that is %s; a re-run judges anew", async (_, spoil) => {
    await using project = await makeProject({ beside: counted() });
    const sha = await project.work();
    await project.run(sha);
    const { status } = project.paths(sha);
    await writeFile(status, spoil(await readFile(status, "utf8")));
    const ci = ciOf(project);
    expect(await ci.verdict(sha, signal)).toMatchObject({
      is: "errored",
      cause: expect.stringContaining(status),
    });
    await ci.rerun(sha, signal);
    expect(await verdictOf(ci, sha)).toMatchObject({ is: "passed" });
    await nothingLeft(project, sha);
  });

  test("is none where no ci.sh would ever judge the commit, though it brings one itself", async () => {
    await using project = await makeProject();
    const sha = await project.work({ "ci.sh": "exit 0\n" });
    const reason = `no ci.sh beside ${project.fixture.path}, and none on main`;
    expect(await ciOf(project).verdict(sha, signal)).toEqual({ is: "none", reason });
    await writeFile(join(project.root, "ci.sh"), "exit 0\n");
    expect(await verdictOf(ciOf(project), sha)).toMatchObject({ is: "passed" });
    await nothingLeft(project, sha);
  });

  test("is errored for a commit that is not there, and for a repository that is gone", async () => {
    await using project = await makeProject({ beside: "exit 0" });
    const sha = "0123456789012345678901234567890123456789";
    const { path } = project.fixture;
    expect(await ciOf(project).verdict(sha, signal)).toEqual({
      is: "errored",
      run: null,
      cause: `${path} has no commit ${sha}`,
    });
    await rm(path, { recursive: true });
    expect(await ciOf(project).verdict(sha, signal)).toEqual({
      is: "errored",
      run: null,
      cause: `${path} is gone`,
    });
  });

  test("is judged anew when it failed and a re-run is asked for, and a green one is kept", async () => {
    await using project = await makeProject({
      beside: counted('[ "$(wc -l < "$root/runs")" -gt 1 ]'),
    });
    const sha = await project.work();
    const ci = ciOf(project);
    expect(await verdictOf(ci, sha)).toMatchObject({ is: "failed" });
    await ci.rerun(sha, signal);
    expect(await verdictOf(ci, sha)).toMatchObject({ is: "passed" });
    await ci.rerun(sha, signal);
    expect(await ci.verdict(sha, signal)).toMatchObject({ is: "passed" });
    expect(await project.runs()).toEqual([sha, sha]);
    await nothingLeft(project, sha);
  });

  test("is judged anew also while the runner that found it red still tidies up", async () => {
    await using project = await makeProject({
      beside: counted('[ "$(wc -l < "$root/runs")" -gt 1 ]'),
    });
    const sha = await project.work();
    const ci = ciOf(project);
    expect(await verdictOf(ci, sha)).toMatchObject({ is: "failed" });
    await nothingLeft(project, sha);
    const tidying = await acquireProcessLock(project.paths(sha).lock);
    if ("heldBy" in tidying) throw new Error("the runner lives on");
    const asked = ci.rerun(sha, signal);
    expect(await Promise.race([asked, sleep(200, "waits")])).toBe("waits");
    await tidying[Symbol.asyncDispose]();
    await asked;
    expect(await verdictOf(ci, sha)).toMatchObject({ is: "passed" });
    expect(await project.runs()).toEqual([sha, sha]);
    await nothingLeft(project, sha);
  });

  test("is errored after a fault, until a re-run", async () => {
    await using project = await makeProject({
      beside: 'test -e "$(dirname "$1")/healthy" || kill -9 $$',
    });
    const sha = await project.work();
    const ci = ciOf(project);
    expect(await verdictOf(ci, sha)).toMatchObject({
      is: "errored",
      cause: "ci.sh was ended by SIGKILL",
    });
    await nothingLeft(project, sha);
    expect(await ci.verdict(sha, signal)).toMatchObject({ is: "errored" });
    await writeFile(join(project.root, "healthy"), "");
    await ci.rerun(sha, signal);
    expect(await verdictOf(ci, sha)).toMatchObject({ is: "passed" });
    await ci.rerun(sha, signal);
    expect(await ci.verdict(sha, signal), "a verdict is not forgotten").toMatchObject({
      is: "passed",
    });
    await nothingLeft(project, sha);
  });

  test("is errored, with the command to try, when no runner can be started", async () => {
    await using project = await makeProject({ beside: "exit 0" });
    const sha = await project.work();
    const missing = await ciOf(project, { command: ["/nowhere/ampx", "ci", "run"] }).verdict(
      sha,
      signal,
    );
    expect(missing).toMatchObject({ is: "errored", cause: expect.stringContaining("ENOENT") });
    const broken = await ciOf(project, { command: ["/bin/sh", "-c", "exit 9"] }).verdict(
      sha,
      signal,
    );
    expect(broken).toMatchObject({
      is: "errored",
      cause: expect.stringMatching(/exit code 9.*run it by hand: \/bin\/sh/),
    });
  });

  test("of a runner that was killed comes from another one", async () => {
    await using project = await makeProject({
      beside: counted('if [ $(wc -l < "$root/runs") = 1 ]; then sleep 600; fi'),
    });
    const sha = await project.work();
    const runner = project.start(sha);
    await expect.poll(() => project.runs(), patiently).toEqual([sha]);
    const ci = ciOf(project);
    expect(await ci.verdict(sha, signal)).toMatchObject({
      is: "running",
      reason: `ci.sh runs (process ${runner.pid})`,
    });
    runner.kill("SIGKILL");
    await exitOf(runner);
    expect(await verdictOf(ci, sha)).toMatchObject({ is: "passed" });
    await nothingLeft(project, sha);
  });

  test("stands when its runner was killed right after it; what the runner left is cleared", async () => {
    await using project = await makeProject({ beside: counted() });
    const sha = await project.work();
    await project.run(sha);
    const { lock } = project.paths(sha);
    const folder = join(tmpdir(), "ampx-ci-dead");
    await mkdir(join(folder, "checkout"), { recursive: true });
    const dead = { ...thisProcess(), pid: 2 ** 22 + 1, nonce: crypto.randomUUID() };
    await writeFile(lock, JSON.stringify({ ...dead, note: { folders: [folder, project.root] } }));
    expect(await ciOf(project).verdict(sha, signal)).toMatchObject({ is: "passed" });
    expect(await remainsOf(project, sha)).toEqual([]);
    expect(existsSync(project.root), "only folders of ours are removed").toBe(true);
    expect(await project.runs()).toEqual([sha]);
  });

  test("in an ordinary clone is found without a hook", async () => {
    await using project = await makeProject({ kind: "clone", base: "exit 0\n" });
    const sha = await project.work();
    expect(await verdictOf(ciOf(project), sha)).toMatchObject({ is: "passed" });
    await nothingLeft(project, sha);
  });
});

describe("who waits for a verdict", () => {
  test("is told of it once, as soon as it is there", async () => {
    await using project = await makeProject({ beside: counted("sleep 0.3; exit 1") });
    const sha = await project.work();
    const told: string[] = [];
    const call = (of: string) => told.push(of);
    const ci = ciOf(project, { onEnd: { watch: runWatch(), call } });
    expect(await ci.verdict(sha, signal)).toMatchObject({ is: "running" });
    expect(await ci.verdict(sha, signal)).toMatchObject({ is: "running" });
    await expect.poll(() => told, patiently).toEqual([sha]);
    expect(await ci.verdict(sha, signal)).toMatchObject({ is: "failed" });
    await nothingLeft(project, sha);
    expect(told).toEqual([sha]);
  });

  test("is told of a run that could not judge", async () => {
    await using project = await makeProject({ beside: counted("sleep 0.3; kill -9 $$") });
    const sha = await project.work();
    const told: string[] = [];
    const call = (of: string) => told.push(of);
    const ci = ciOf(project, { onEnd: { watch: runWatch(), call } });
    expect(await ci.verdict(sha, signal)).toMatchObject({ is: "running" });
    await expect.poll(() => told, patiently).toEqual([sha]);
    await nothingLeft(project, sha);
  });

  test("is told of a run that was cancelled for another one's sake", async () => {
    await using project = await makeProject({ beside: counted("sleep 600") });
    const sha = await project.work();
    const told: string[] = [];
    const call = (of: string) => told.push(of);
    const ci = ciOf(project, { onEnd: { watch: runWatch(), call } });
    expect(await ci.verdict(sha, signal)).toMatchObject({ is: "running" });
    await ciOf(project).cancel(sha);
    await expect.poll(() => told, patiently).toEqual([sha]);
  });

  test("is told when all that is known of commits was removed, and hears of the next run", async () => {
    await using project = await makeProject({ beside: counted("sleep 0.3") });
    const [one, two] = [await project.work(), await project.work({ "b.txt": "b\n" })];
    const told: string[] = [];
    const watch = runWatch();
    const ci = ciOf(project, { onEnd: { watch, call: (of) => told.push(of) } });
    await mkdir(project.paths(one).folder, { recursive: true });
    await writeFile(project.paths(one).lock, "");
    watch.expect(project.paths(one), () => told.push("gone"));
    await rm(project.paths(one).folder, { recursive: true });
    await expect.poll(() => told, patiently).toEqual(["gone"]);
    expect(await ci.verdict(two, signal)).toMatchObject({ is: "running" });
    await expect.poll(() => told, patiently).toEqual(["gone", two]);
    await nothingLeft(project, two);
  });
});

describe("cancel", () => {
  test("ends the runner and all that it started, and waits until they are gone", async () => {
    await using project = await makeProject({
      beside: counted("trap '' INT", "setsid sleep 600 &", "sleep 601"),
    });
    const sha = await project.work();
    const ci = ciOf(project);
    expect(await ci.verdict(sha, signal)).toMatchObject({ is: "running" });
    await expect.poll(() => project.runs(), patiently).toEqual([sha]);
    await ci.cancel(sha);
    expect(await remainsOf(project, sha)).toEqual([]);
    expect(existsSync(project.paths(sha).status)).toBe(false);
  });

  test("ends a runner that a person started, and clears what a killed one left", async () => {
    await using project = await makeProject({ beside: counted("sleep 600") });
    const sha = await project.work();
    const ci = ciOf(project);
    const byHand = project.start(sha);
    await expect.poll(() => project.runs(), patiently).toHaveLength(1);
    await Promise.all([ci.cancel(sha), exitOf(byHand)]);
    expect(await remainsOf(project, sha)).toEqual([]);

    const killed = project.start(sha);
    await expect.poll(() => project.runs(), patiently).toHaveLength(2);
    killed.kill("SIGKILL");
    await exitOf(killed);
    await ci.cancel(sha);
    expect(await remainsOf(project, sha)).toEqual([]);
  });

  test("of a commit that nobody judges does nothing", async () => {
    await using project = await makeProject({ beside: counted() });
    const sha = await project.work();
    await ciOf(project).cancel(sha);
    expect(existsSync(project.paths(sha).folder)).toBe(false);
    await project.run(sha);
    await ciOf(project).cancel(sha);
    expect(await ciOf(project).verdict(sha, signal)).toMatchObject({ is: "passed" });
  });
});

function ciOf(project: CiProject, options: Partial<LocalCiOptions> = {}): Ci {
  const { repository } = project;
  return localCi({
    repository,
    branch: "work",
    base: "main",
    command: ciCommand,
    timeoutMinutes: 5,
    env: process.env,
    ...options,
  });
}

/** Asks until CI has ended, as the loop does. */
async function verdictOf(ci: Ci, sha: string): Promise<CiVerdict> {
  let verdict = await ci.verdict(sha, signal);
  await expect
    .poll(async () => (verdict = await ci.verdict(sha, signal)).is, patiently)
    .not.toBe("running");
  return verdict;
}

/** The verdict is there a moment before its runner is gone. */
async function nothingLeft(project: CiProject, sha: string): Promise<void> {
  await expect.poll(() => remainsOf(project, sha), patiently).toEqual([]);
}
