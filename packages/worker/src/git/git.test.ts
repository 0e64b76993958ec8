import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TransientError, UserError } from "@ampx/core";
import { afterEach, expect, test, vi } from "vitest";
import { makeRepository } from "./fixture.ts";
import { gitFailure, GitError, GitLocked } from "./git-failure.ts";
import { git, tryGit } from "./git.ts";

/** For the whole file, however slow the machine is. */
const signal = AbortSignal.timeout(600_000);

afterEach(() => {
  vi.unstubAllEnvs();
});

test("runs git without the caller's GIT_ variables and secrets, with the task's mark", async () => {
  await using repo = await makeRepository();
  vi.stubEnv("GIT_DIR", "/nowhere");
  vi.stubEnv("AMP_API_KEY", "sekret");
  const seen = await git(["-c", "alias.env=!env", "env"], {
    cwd: repo.path,
    signal,
    mark: "task-7",
  });
  expect(seen).toContain("AMPX_MARK=task-7");
  expect(seen).toContain("GIT_TERMINAL_PROMPT=0");
  expect(seen).not.toMatch(/nowhere|sekret/);
});

test("runs no hooks, whatever the repository has configured", async () => {
  await using repo = await makeRepository({ kind: "clone" });
  const hook = join(repo.path, ".git/hooks/pre-commit");
  await mkdir(join(repo.path, ".git/hooks"), { recursive: true });
  await writeFile(hook, "#!/bin/sh\nexit 1\n");
  await chmod(hook, 0o755);
  await expect(repo.git(["commit", "--allow-empty", "-m", "x"])).rejects.toThrow("exit code 1");
  const identity = { name: "a", email: "a@example.org" };
  await git(["commit", "--allow-empty", "-m", "x"], { cwd: repo.path, signal, identity });
});

test("ends git and what git started when the signal is aborted, and throws its reason", async () => {
  await using repo = await makeRepository();
  const pidFile = join(repo.root, "pid");
  const controller = new AbortController();
  const running = git(["-c", `alias.wait=!echo $$ > '${pidFile}'; exec sleep 300`, "wait"], {
    cwd: repo.path,
    signal: controller.signal,
  });
  const pid = Number(
    await vi.waitUntil(
      () =>
        readFile(pidFile, "utf8").then(
          (text) => text.trim() || false,
          () => false,
        ),
      { timeout: 10_000 },
    ),
  );
  controller.abort(new Error("stop"));
  await expect(running).rejects.toThrow("stop");
  await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });
});

test("says that git is missing", async () => {
  await using repo = await makeRepository();
  vi.stubEnv("PATH", repo.root);
  const error = await tryGit(["--version"], { cwd: repo.path, signal }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    message: expect.stringContaining("git is not installed"),
    tryThis: expect.any(String),
  });
});

test("caps what git may print", async () => {
  await using repo = await makeRepository();
  const endless = git(["-c", "alias.yes=!yes", "yes"], {
    cwd: repo.path,
    signal,
    maxStdout: 100_000,
  });
  await expect(endless).rejects.toThrow("printed too much");
});

test("keeps the end of a long stderr", async () => {
  await using repo = await makeRepository();
  const { stderr, code } = await tryGit(
    [
      "-c",
      "alias.loud=!head -c 300000 /dev/zero | tr '\\0' x >&2; echo the end >&2; exit 3",
      "loud",
    ],
    { cwd: repo.path, signal },
  );
  expect(code).toBe(3);
  expect(stderr).toHaveLength(64 * 1024);
  expect(stderr).toMatch(/the end\n$/);
});

test.for<[string, { new (...args: never[]): Error }]>([
  ["fatal: Unable to create '/x/index.lock': File exists.", GitLocked],
  ["error: could not lock config file config: File exists", GitLocked],
  ["fatal: unable to access 'https://h/': Could not resolve host: h", TransientError],
  ["fatal: the remote end hung up unexpectedly", TransientError],
  ["error: unable to write file x: No space left on device", TransientError],
  ["fatal: '/x' does not appear to be a git repository", UserError],
  ["fatal: could not open '/x' for reading: Permission denied", UserError],
  ["fatal: detected dubious ownership in repository at '/x'", UserError],
  [
    "error: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'",
    UserError,
  ],
  ["fatal: something new", GitError],
])("tells apart what git fails with: %s", ([stderr, kind]) => {
  expect(gitFailure(["fetch"], { code: 128, stderr })).toBeInstanceOf(kind);
});

test("shows no credentials of URLs", () => {
  const error = gitFailure(["fetch", "https://me:sekret@example.org/x"], {
    code: 1,
    stderr: "fatal: bad https://me:sekret@example.org/x\u001b[31m",
  });
  expect(error.message).not.toMatch(/sekret|\p{Cc}/u);
  expect(error.message).toContain("https://***@example.org/x");
});

test("a folder that is gone is not taken for a missing git", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ampx-gone-"));
  await rm(folder, { recursive: true });
  await expect(git(["status"], { cwd: folder, signal })).rejects.toBeInstanceOf(GitError);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: it is gone.
    return false;
  }
}
