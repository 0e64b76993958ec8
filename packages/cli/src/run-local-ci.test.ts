import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const bin = resolve(import.meta.dirname, "../bin/ampx.js");

test("a push is judged within the time that the project's config gives", () => {
  using project = makeProject("exec sleep 60", "ci:\n  timeout_minutes: 0.02\n");
  const started = performance.now();
  const run = project.ci();
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(run).toMatchObject({ status: 1, stderr: "" });
  expect(project.verdict()).toMatchObject({ status: "FAIL", timed_out: true });
}, 40_000);

test("the flag is before the project's config", () => {
  using project = makeProject("exec sleep 60", "ci:\n  timeout_minutes: 60\n");
  project.ci("--timeout-minutes", "0.02");
  expect(project.verdict()).toMatchObject({ status: "FAIL", timed_out: true });
}, 40_000);

test("a broken config stops no CI and is told", () => {
  using project = makeProject("exit 0", "ci:\n  timeout_minute: 3\n");
  const run = project.ci();
  expect(run.status).toBe(0);
  expect(run.stderr).toContain("ci.sh may take the default time");
  expect(run.stderr).toContain("ampx.yaml:2:3: unknown key ci.timeout_minute");
  expect(project.verdict()).toMatchObject({ status: "PASS" });
});

test("the config of the branch that is the base counts where none lies beside the repository", () => {
  using project = makeProject("exec sleep 60");
  const blob = project.git(["hash-object", "-w", "--stdin"], "ci: { timeout_minutes: 0.02 }\n");
  const tree = project.git(["mktree"], `100644 blob ${blob}\tampx.yaml\n`);
  project.git(["branch", "strict", project.git(["commit-tree", tree, "-m", "Strict"])]);
  project.ci("--base", "strict");
  expect(project.verdict()).toMatchObject({ status: "FAIL", timed_out: true });
}, 40_000);

/** A bare repository with one commit on main and a `ci.sh` beside it. */
function makeProject(script: string, config?: string) {
  const folder = mkdtempSync(join(tmpdir(), "run-local-ci-"));
  const env = {
    ...process.env,
    AMPX_HOME: join(folder, "home"),
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.org",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.org",
  };
  const git = (args: string[], input = "") =>
    execFileSync("git", args, {
      cwd: join(folder, "repo.git"),
      env,
      input,
      encoding: "utf8",
    }).trim();
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", "repo.git"], {
    cwd: folder,
    env,
  });
  const sha = git(["commit-tree", git(["mktree"]), "-m", "First"]);
  git(["branch", "main", sha]);
  writeFileSync(join(folder, "ci.sh"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "ci.sh"), 0o755);
  if (config !== undefined) writeFileSync(join(folder, "ampx.yaml"), config);
  return {
    git,
    ci: (...flags: string[]) =>
      spawnSync(
        process.execPath,
        [bin, "ci", "run", "repo.git", "refs/heads/main", sha, ...flags],
        {
          cwd: folder,
          env,
          encoding: "utf8",
        },
      ),
    verdict: (): unknown =>
      JSON.parse(readFileSync(join(folder, "ci-status", `${sha}.json`), "utf8")),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
