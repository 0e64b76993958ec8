import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@ampx/core";
import { describe, expect, test } from "vitest";
import { counted, makeProject, patiently, remainsOf } from "./fixture.ts";

describe("a verdict", () => {
  test("is PASS when ci.sh ends with 0", async () => {
    await using project = await makeProject({ beside: counted("echo fine") });
    const sha = await project.work();
    const run = await project.run(sha, { now: () => Date.UTC(2026, 0, 2) });
    const status = {
      ref: "refs/heads/work",
      commit: sha,
      status: "PASS",
      timestamp: "2026-01-02T00:00:00.000Z",
      duration: expect.any(Number),
      output: "fine\n",
      schema: 1,
      repo: "project.git",
      exit_code: 0,
      timed_out: false,
      script: { from: "beside" },
    };
    expect(run).toEqual({ is: "judged", status, now: true, log: project.paths(sha).log });
    expect(await project.status(sha)).toEqual(status);
    expect(await readFile(project.paths(sha).log, "utf8")).toBe("fine\n");
    expect(await remainsOf(project, sha)).toEqual([]);
  });

  test("is FAIL when it ends with anything else, with both outputs in the order of their lines", async () => {
    await using project = await makeProject({
      beside: "echo one; echo two >&2; echo three; exit 3",
    });
    const sha = await project.work();
    await project.run(sha);
    expect(await project.status(sha)).toMatchObject({
      status: "FAIL",
      exit_code: 3,
      output: "one\ntwo\nthree\n",
    });
  });

  test("is FAIL, and says why, when the time is over", async () => {
    await using project = await makeProject({
      beside: counted("echo begun", "(trap '' INT TERM; sleep 600)"),
    });
    const sha = await project.work();
    await project.run(sha, { timeoutMs: 500 });
    expect(await project.status(sha)).toMatchObject({
      status: "FAIL",
      exit_code: null,
      timed_out: true,
    });
    expect((await project.status(sha)).output).toBe(
      "begun\n[ampx: ci.sh did not end within 0.5 seconds and was ended]\n",
    );
    expect(await remainsOf(project, sha)).toEqual([]);
  });

  test("is reached once: a commit that has been judged is not judged again", async () => {
    await using project = await makeProject({ beside: counted() });
    const sha = await project.work();
    await project.run(sha);
    expect(await project.run(sha)).toMatchObject({
      is: "judged",
      now: false,
      status: { status: "PASS" },
    });
    expect(await project.runs()).toEqual([sha]);
  });

  test.each([
    ["torn", (text: string) => text.slice(0, 40)],
    ["empty", () => ""],
    ["about another commit", (text: string) => text.replace(/"commit": "\w{4}/, '"commit": "0000')],
    ["contradicting itself", (text: string) => text.replace('"exit_code": 0', '"exit_code": 1')],
  ])("that is %s is no verdict, and the commit is judged anew", async (_, spoil) => {
    await using project = await makeProject({ beside: counted() });
    const sha = await project.work();
    await project.run(sha);
    const { status } = project.paths(sha);
    await writeFile(status, spoil(await readFile(status, "utf8")));
    expect(await project.run(sha)).toMatchObject({ is: "judged", now: true });
    expect(await project.runs()).toEqual([sha, sha]);
  });

  test("of another repository in the same folder does not count", async () => {
    await using project = await makeProject({
      beside: counted("case $1 in *other.git) exit 1 ;; esac"),
    });
    const sha = await project.work();
    await project.run(sha);
    const other = join(project.root, "other.git");
    await project.fixture.git(
      ["clone", "--quiet", "--bare", project.fixture.path, other],
      project.root,
    );
    expect(await project.run(sha, { repo: other })).toMatchObject({
      now: true,
      status: { status: "FAIL", repo: "other.git" },
    });
  });

  test("on a commit of an ordinary clone lies inside its .git", async () => {
    await using project = await makeProject({ kind: "clone", base: "exit 0\n" });
    const sha = await project.work();
    await writeFile(join(project.root, "ci.sh"), "exit 1\n");
    expect(await project.run(sha)).toMatchObject({ is: "judged", status: { status: "PASS" } });
    expect(project.paths(sha).folder).toBe(join(project.fixture.path, ".git/ampx/ci-status"));
    expect(await project.fixture.git(["status", "--porcelain"])).toBe("");
  });
});

describe("ci.sh", () => {
  test("stands in a clean checkout of the commit and is told repository, ref and commit", async () => {
    await using project = await makeProject({
      beside:
        'echo "$@"; cat work.txt; git rev-parse HEAD; git status --porcelain; git rev-parse origin/main; pwd',
    });
    const sha = await project.work();
    await project.run(sha, { ref: "work" });
    const { output } = await project.status(sha);
    expect(output.split("\n").slice(0, -2)).toEqual([
      `${project.fixture.path} refs/heads/work ${sha}`,
      "done",
      sha,
      project.main,
    ]);
    expect(output).toMatch(/ampx-ci-\w{8}-\w{8}\/checkout\n$/);
  });

  test("inherits what is harmless, no key, and nothing of git's", async () => {
    await using project = await makeProject({ beside: "env" });
    const sha = await project.work();
    const env = {
      PATH: process.env["PATH"],
      LC_TIME: "C",
      https_proxy: "http://proxy",
      AMP_API_KEY: "sgamp-key",
      NPM_TOKEN: "t",
      GIT_DIR: "/x",
      GIT_INDEX_FILE: "/y",
      AMPX_MARK: "the-agent",
      AMPX_HOME: "/home/ampx",
    };
    await project.run(sha, { env });
    const seen = Object.fromEntries(
      (await project.status(sha)).output
        .trim()
        .split("\n")
        .map((line) => line.split(/=(.*)/s)),
    );
    expect(seen).toMatchObject({
      PATH: env.PATH,
      LC_TIME: "C",
      https_proxy: "http://proxy",
      CI: "true",
    });
    expect(seen["AMPX_MARK"]).toBe(project.paths(sha).scriptMark);
    expect(seen["TMPDIR"]).toMatch(/ampx-ci-.*\/tmp$/);
    expect(Object.keys(seen).filter((name) => /^(AMP_|AMPX_HOME|NPM|GIT_)/.test(name))).toEqual([]);
  });

  test("of the base branch counts where none lies beside the repository", async () => {
    await using project = await makeProject({ base: 'echo "base $0"\n' });
    const sha = await project.work();
    await project.run(sha);
    const status = await project.status(sha);
    expect(status.script).toEqual({ from: "base", base: "main", commit: project.main });
    expect(status.output).toMatch(/^base \S.*\/checkout\/ci\.sh\n$/);
  });

  test("beside the repository outranks the one of the base branch", async () => {
    await using project = await makeProject({ beside: "echo beside", base: "echo base\n" });
    const sha = await project.work();
    await project.run(sha);
    expect((await project.status(sha)).output).toBe("beside\n");
  });

  test.each<[string, Record<string, string>]>([
    ["another text", { "ci.sh": "echo agent; exit 0\n" }],
    ["a folder in its place", { "ci.sh/run": "exit 0\n" }],
    ["attributes that change its bytes", { ".gitattributes": "ci.sh text eol=crlf\n" }],
  ])("of the commit itself has no say: %s", async (_, files) => {
    await using project = await makeProject({ base: "echo base\nexit 7\n" });
    if ("ci.sh/run" in files) {
      await project.fixture.git(
        ["clone", "--quiet", "--branch", "main", project.fixture.path, "agent"],
        project.root,
      );
      await project.fixture.git(["rm", "--quiet", "ci.sh"], join(project.root, "agent"));
      await project.fixture.git(["commit", "--quiet", "-m", "Remove"], join(project.root, "agent"));
      await project.fixture.git(
        ["push", "--quiet", "origin", "HEAD:work"],
        join(project.root, "agent"),
      );
    }
    const sha = await project.work(files);
    await project.run(sha);
    expect(await project.status(sha)).toMatchObject({
      status: "FAIL",
      exit_code: 7,
      output: "base\n",
    });
  });

  test("of the commit itself has no say: a link to somewhere else", async () => {
    await using project = await makeProject({ base: "echo base\nexit 7\n" });
    const agent = join(project.root, "agent");
    const target = join(project.root, "precious");
    await writeFile(target, "mine\n");
    await project.fixture.git(
      ["clone", "--quiet", "--branch", "main", project.fixture.path, agent],
      project.root,
    );
    await project.fixture.git(["rm", "--quiet", "ci.sh"], agent);
    await symlink(target, join(agent, "ci.sh"));
    await project.fixture.git(["add", "--all"], agent);
    await project.fixture.git(["commit", "--quiet", "-m", "Link"], agent);
    await project.fixture.git(["push", "--quiet", "origin", "HEAD:work"], agent);
    const sha = await project.fixture.git(["rev-parse", "HEAD"], agent);
    await project.run(sha);
    expect(await project.status(sha)).toMatchObject({ status: "FAIL", exit_code: 7 });
    expect(await readFile(target, "utf8")).toBe("mine\n");
  });

  test("of a commit on the base branch itself is its own", async () => {
    await using project = await makeProject({ base: "echo old\n" });
    const sha = await project.fixture.commit({ "ci.sh": "echo new\n" });
    await project.fixture.commit({ "ci.sh": "echo newest\n" });
    await project.run(sha, { ref: "refs/heads/main" });
    expect(await project.status(sha)).toMatchObject({
      output: "new\n",
      script: { base: "main", commit: sha },
    });
  });

  test("of the base that is asked for counts, even when another one has judged before", async () => {
    await using project = await makeProject({ base: "echo main\n" });
    await project.fixture.git(["branch", "release", "main"]);
    await project.fixture.commit({ "ci.sh": "echo release\nexit 1\n" }, { branch: "release" });
    const sha = await project.work();
    await project.run(sha);
    expect(await project.run(sha, { base: "release" })).toMatchObject({
      now: true,
      status: { status: "FAIL", output: "release\n" },
    });
    expect(await project.run(sha), "who asks for none takes what is there").toMatchObject({
      now: false,
    });
    expect(await project.run(sha, { base: "release" })).toMatchObject({ now: false });
  });

  test("runs by the interpreter that it names, executable or not", async () => {
    await using project = await makeProject({
      base: "#!/usr/bin/env node\nconsole.log(process.argv.length)\n",
    });
    const sha = await project.work();
    await project.run(sha);
    expect((await project.status(sha)).output).toBe("5\n");
  });

  test("that leaves a background process is not waited for, and the process is ended", async () => {
    await using project = await makeProject({
      beside: counted(
        "setsid sleep 600 &",
        "echo $!",
        "nohup sleep 601 >/dev/null 2>&1 &",
        "exit 0",
      ),
    });
    const sha = await project.work();
    await project.run(sha);
    expect(await project.status(sha)).toMatchObject({ status: "PASS" });
    expect(await remainsOf(project, sha)).toEqual([]);
  });

  test("leaves read-only folders, as package caches do, and they are gone with the run", async () => {
    await using project = await makeProject({
      beside: 'mkdir -p "$TMPDIR/a/b"; touch "$TMPDIR/a/b/c"; chmod -R a-w "$TMPDIR/a" .',
    });
    const sha = await project.work();
    await project.run(sha);
    expect(await remainsOf(project, sha)).toEqual([]);
  });
});

describe("no verdict", () => {
  test("is written where there is no ci.sh", async () => {
    await using project = await makeProject();
    const sha = await project.work();
    const reason = `no ci.sh beside ${project.fixture.path}, and none on main`;
    expect(await project.run(sha)).toEqual({ is: "no_script", reason });
    expect(await readdir(project.paths(sha).folder)).toEqual([]);
  });

  test("is written of a commit that is not there; why is recorded apart", async () => {
    await using project = await makeProject({ beside: "exit 0" });
    const sha = "0123456789012345678901234567890123456789";
    const cause = `${project.fixture.path} has no commit ${sha}`;
    expect(await project.run(sha)).toEqual({ is: "errored", cause });
    expect(await readdir(project.paths(sha).folder)).toEqual([`${sha}.error.json`]);
    expect(JSON.parse(await readFile(project.paths(sha).fault, "utf8"))).toMatchObject({
      commit: sha,
      cause,
    });
  });

  test("is written when the checkout fails, and the next run forgets the fault", async () => {
    await using project = await makeProject({ beside: "exit 0" });
    const sha = await project.work();
    const blob = await project.fixture.git(["rev-parse", `${sha}:work.txt`]);
    const object = join(project.fixture.path, "objects", blob.slice(0, 2), blob.slice(2));
    const content = await readFile(object);
    await rm(object);
    expect(await project.run(sha)).toMatchObject({
      is: "errored",
      cause: expect.stringContaining("git checkout"),
    });
    expect(existsSync(project.paths(sha).status)).toBe(false);
    expect(await remainsOf(project, sha)).toEqual([]);
    await writeFile(object, content);
    expect(await project.run(sha)).toMatchObject({ is: "judged", status: { status: "PASS" } });
    expect(existsSync(project.paths(sha).fault)).toBe(false);
  });

  test("is written when somebody kills ci.sh", async () => {
    await using project = await makeProject({ beside: "kill -9 $$" });
    const sha = await project.work();
    expect(await project.run(sha)).toEqual({ is: "errored", cause: "ci.sh was ended by SIGKILL" });
    expect(existsSync(project.paths(sha).status)).toBe(false);
  });

  test.runIf(existsSync("/dev/full"))(
    "is written when the disk is full: ci.sh is ended, and the cause is recorded",
    async () => {
      await using project = await makeProject({
        beside: counted("trap '' PIPE", "while :; do echo more; sleep 0.01; done"),
      });
      const sha = await project.work();
      await mkdir(project.paths(sha).folder);
      await symlink("/dev/full", project.paths(sha).log);
      expect(await project.run(sha)).toMatchObject({
        is: "errored",
        cause: expect.stringContaining("ENOSPC"),
      });
      expect(existsSync(project.paths(sha).status)).toBe(false);
      expect(await remainsOf(project, sha)).toEqual([]);
    },
  );

  test("is written when the interpreter is missing", async () => {
    await using project = await makeProject({ beside: "#!/opt/none/bash\n" });
    const sha = await project.work();
    expect(await project.run(sha)).toEqual({
      is: "errored",
      cause: "/opt/none/bash, which ci.sh names, is not there",
    });
  });

  test("is written when the run is cancelled: its tree is ended and the lock is free", async () => {
    await using project = await makeProject({
      beside: counted("trap '' INT TERM", "setsid sleep 600 &", "sleep 600"),
    });
    const sha = await project.work();
    const stop = new AbortController();
    const run = project.run(sha, {}, stop.signal);
    await expect.poll(() => project.runs(), patiently).toEqual([sha]);
    stop.abort();
    expect(await run).toEqual({ is: "cancelled" });
    expect(existsSync(project.paths(sha).status)).toBe(false);
    expect(await remainsOf(project, sha)).toEqual([]);
  });

  test.each(["main", "0123abc", ""])(
    "is possible for %j, which is no full commit id",
    async (sha) => {
      await using project = await makeProject();
      await expect(project.run(sha)).rejects.toThrow(UserError);
    },
  );
});

test("the repository itself is left as it was", async () => {
  await using project = await makeProject({
    beside: "git commit --quiet --allow-empty -m Mine; exit 0",
  });
  const sha = await project.work();
  const listing = async () => (await readdir(project.fixture.path, { recursive: true })).toSorted();
  const before = await listing();
  await project.run(sha);
  expect(await listing()).toEqual(before);
});

test("secrets are neither in the log nor in the status", async () => {
  await using project = await makeProject({
    beside:
      "echo before planted-secret-value after; printf 'tail planted-secret-value'; echo ghp_0123456789abcdefghijABCDEFGHIJ012345 >&2; exit 1",
  });
  const sha = await project.work();
  await project.run(sha, { secrets: ["planted-secret-value"] });
  const { output } = await project.status(sha);
  expect(output).toBe("before [redacted] after\ntail [redacted][redacted:github-token]\n");
  expect(await readFile(project.paths(sha).log, "utf8")).toBe(output);
});
