import { existsSync } from "node:fs";
import { chmod, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { markedProcesses } from "../process-tree.ts";
import { cancelRun } from "./cancel-run.ts";
import {
  ciCommand,
  counted,
  makeProject,
  patiently,
  remainsOf,
  type CiProject,
} from "./fixture.ts";
import { installHook } from "./post-receive-hook.ts";

test("a push returns while ci.sh still runs, and the run is not the pusher's", async () => {
  await using project = await makeProject({ beside: counted("sleep 600") });
  await installHook(project.fixture.path, ciCommand);
  const { sha, stderr } = await push(project, "work", { AMPX_MARK: "the-agent" });
  expect(stderr).not.toContain("remote:");
  await expect.poll(() => project.runs(), patiently).toEqual([sha]);
  expect(await markedProcesses("the-agent")).toEqual([]);
  expect(await markedProcesses(project.paths(sha).runnerMark)).toHaveLength(1);
  await cancelRun(project.paths(sha));
  expect(await remainsOf(project, sha)).toEqual([]);
});

test("two pushes at once are both judged, each once", async () => {
  await using project = await makeProject({ beside: counted() });
  await installHook(project.fixture.path, ciCommand);
  const pushes = await Promise.all([push(project, "one"), push(project, "two")]);
  for (const { sha } of pushes) {
    await expect.poll(() => existsSync(project.paths(sha).status), patiently).toBe(true);
    expect(await project.status(sha)).toMatchObject({ status: "PASS", commit: sha });
    await expect.poll(() => remainsOf(project, sha), patiently).toEqual([]);
  }
  expect((await project.runs()).toSorted()).toEqual(pushes.map(({ sha }) => sha).toSorted());
});

test("the run gets the repository, ref and commit, nothing of git's environment, and no descriptor of the push", async () => {
  await using project = await makeProject();
  const spy = await writeSpy(project);
  await installHook(project.fixture.path, [spy, "ci", "run it's"]);
  const { sha } = await push(project, "work", { GIT_TRACE2_PARENT_SID: "x" });
  const seen = await spied(project);
  expect(seen.args).toEqual(["ci", "run it's", project.fixture.path, "refs/heads/work", sha]);
  expect(seen.env.filter((line) => line.startsWith("GIT_"))).toEqual([]);
  expect(seen.env).toContain(`AMPX_MARK=${project.paths(sha).runnerMark}`);
  expect(seen.descriptors).toEqual(["/dev/null", "/dev/null", "/dev/null"]);
  expect(seen.ownSession).toBe(true);
});

test("tags and deleted branches start nothing; each branch of one push is started", async () => {
  await using project = await makeProject({ beside: counted() });
  const { sha } = await push(project, "one");
  await installHook(project.fixture.path, ciCommand);
  const clone = join(project.root, "pusher one");
  await execa("git", ["commit", "--quiet", "--allow-empty", "-m", "Second"], {
    cwd: clone,
    env: person,
  });
  const second = (await execa("git", ["rev-parse", "HEAD"], { cwd: clone })).stdout;
  await execa("git", ["push", "--quiet", "origin", ":one", `${sha}:refs/tags/v1`, "HEAD:two"], {
    cwd: clone,
  });
  await expect.poll(() => existsSync(project.paths(second).status), patiently).toBe(true);
  await expect.poll(() => remainsOf(project, second), patiently).toEqual([]);
  expect(await project.runs()).toEqual([second]);
});

test("a push succeeds where ampx is gone, and the pusher is told", async () => {
  await using project = await makeProject();
  await installHook(project.fixture.path, [join(project.root, "gone", "ampx"), "ci", "run"]);
  const { stderr } = await push(project, "work", { PATH: "/usr/bin:/bin" });
  expect(stderr).toContain("remote: ampx: CI of refs/heads/work was not started");
});

test("where the command line is gone, ampx on the PATH is taken", async () => {
  await using project = await makeProject();
  await writeSpy(project);
  await installHook(project.fixture.path, [join(project.root, "gone", "node"), "main.ts"]);
  const { sha } = await push(project, "work", {
    PATH: `${project.root}/bin:${process.env["PATH"]}`,
  });
  expect((await spied(project)).args).toEqual([
    "ci",
    "run",
    project.fixture.path,
    "refs/heads/work",
    sha,
  ]);
});

test("a hook of ours is brought up to date, somebody else's is left alone", async () => {
  await using project = await makeProject();
  const hook = join(project.fixture.path, "hooks", "post-receive");
  await installHook(project.fixture.path, ["/old/ampx"]);
  await installHook(project.fixture.path, ["/new/ampx"]);
  expect(await readFile(hook, "utf8")).toContain("/new/ampx");
  expect((await stat(hook)).mode & 0o777).toBe(0o755);

  await writeFile(hook, "#!/bin/sh\necho mine\n");
  await expect(installHook(project.fixture.path, ciCommand)).rejects.toThrow(
    "somebody else's hook",
  );
  expect(await readFile(hook, "utf8")).toBe("#!/bin/sh\necho mine\n");
});

test("a link in the hook's place is left alone", async () => {
  await using project = await makeProject();
  await symlink("/nowhere", join(project.fixture.path, "hooks", "post-receive"));
  await expect(installHook(project.fixture.path, ciCommand)).rejects.toThrow(
    "somebody else's hook",
  );
});

const person = {
  GIT_AUTHOR_NAME: "Somebody",
  GIT_AUTHOR_EMAIL: "somebody@example.org",
  GIT_COMMITTER_NAME: "Somebody",
  GIT_COMMITTER_EMAIL: "somebody@example.org",
};

/** Pushes a new commit on a branch as a person would, from a clone of its own. */
async function push(project: CiProject, branch: string, env: Record<string, string> = {}) {
  const cwd = join(project.root, `pusher ${branch}`);
  await execa("git", ["clone", "--quiet", project.fixture.path, cwd]);
  await execa("git", ["commit", "--quiet", "--allow-empty", "-m", `Work on ${branch}`], {
    cwd,
    env: person,
  });
  const { stderr } = await execa("git", ["push", "origin", `HEAD:refs/heads/${branch}`], {
    cwd,
    env,
  });
  const { stdout: sha } = await execa("git", ["rev-parse", "HEAD"], { cwd });
  return { sha, stderr };
}

/** A stand-in for ampx that writes down how it was started. */
async function writeSpy(project: CiProject): Promise<string> {
  const spy = join(project.root, "bin", "ampx");
  const { root } = project;
  const script = `#!/usr/bin/env node
    const { readlinkSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
    const pathOf = (fd) => { try { return readlinkSync("/proc/self/fd/" + fd); } catch { return "closed"; } };
    const session = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ")[3];
    writeFileSync(${JSON.stringify(`${root}/seen.new`)}, JSON.stringify({
      args: process.argv.slice(2),
      env: Object.entries(process.env).map(([name, value]) => name + "=" + value),
      descriptors: [0, 1, 2].map(pathOf),
      ownSession: Number(session) === process.pid,
    }));
    renameSync(${JSON.stringify(`${root}/seen.new`)}, ${JSON.stringify(`${root}/seen`)});
  `;
  await execa("mkdir", ["-p", join(root, "bin")]);
  await writeFile(spy, script);
  await chmod(spy, 0o755);
  return spy;
}

async function spied(project: CiProject) {
  const file = join(project.root, "seen");
  await expect.poll(() => existsSync(file), patiently).toBe(true);
  return JSON.parse(await readFile(file, "utf8")) as {
    args: string[];
    env: string[];
    descriptors: string[];
    ownSession: boolean;
  };
}
