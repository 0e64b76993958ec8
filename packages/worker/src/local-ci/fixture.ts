import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRepository, type Files, type RepositoryFixture } from "../git/fixture.ts";
import { resolveRepository, type Repository } from "../git/repository.ts";
import { markedProcesses } from "../process-tree.ts";
import { ciPaths, type CiPaths } from "./ci-paths.ts";
import { CiStatus } from "./ci-status.ts";
import { runCi, type CiRun, type CiRunOptions } from "./run-ci.ts";

const runnerFile = join(import.meta.dirname, "main.ts");
/** The command line of `ampx ci run`, as the tests have it. */
export const ciCommand = [process.execPath, runnerFile];

/** A `ci.sh` that first notes that it runs in a file `runs` beside the repository: how often CI really ran. */
export function counted(...lines: string[]): string {
  return ["#!/bin/sh", 'root=$(dirname "$1")', 'echo "$3" >> "$root/runs"', ...lines, ""].join(
    "\n",
  );
}

export interface CiProject extends AsyncDisposable {
  /** The folder around the repository. */
  root: string;
  fixture: RepositoryFixture;
  repository: Repository;
  /** The first commit, on main. */
  main: string;
  /** Adds a commit to the branch "work". */
  work(files?: Files): Promise<string>;
  paths(sha: string): CiPaths;
  run(sha: string, options?: Partial<CiRunOptions>, signal?: AbortSignal): Promise<CiRun>;
  /** Starts the runner as a process of its own. */
  start(sha: string, env?: Record<string, string>): ChildProcess;
  status(sha: string): Promise<CiStatus>;
  /** Commits for which `ci.sh` was run, one entry a run. */
  runs(): Promise<string[]>;
}

/** For tests: a repository with a `ci.sh` beside it or on main. */
export async function makeProject({
  kind = "bare",
  beside,
  base,
}: { kind?: "bare" | "clone"; beside?: string; base?: string } = {}): Promise<CiProject> {
  const files: Files = { "README.md": "hello\n", ...(base === undefined ? {} : { "ci.sh": base }) };
  const fixture = await makeRepository({ kind, files });
  const { root } = fixture;
  if (beside !== undefined) {
    await writeFile(join(root, "ci.sh"), beside);
    await chmod(join(root, "ci.sh"), 0o755);
  }
  const repository = await resolveRepository(fixture.path, { cwd: root });
  const paths = (sha: string) => ciPaths(repository, sha);
  return {
    root,
    fixture,
    repository,
    main: await fixture.git(["rev-parse", "main"]),
    work: (changes = { "work.txt": "done\n" }) => fixture.commit(changes, { branch: "work" }),
    paths,
    run: (sha, options = {}, signal = new AbortController().signal) =>
      runCi(
        {
          repo: fixture.path,
          ref: "refs/heads/work",
          sha,
          env: process.env,
          secrets: [],
          graceMs: 200,
          ...options,
        },
        signal,
      ),
    start: (sha, env = {}) =>
      spawn(process.execPath, [runnerFile, fixture.path, "refs/heads/work", sha], {
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "inherit"],
      }),
    status: async (sha) => CiStatus.parse(JSON.parse(await readFile(paths(sha).status, "utf8"))),
    runs: async () =>
      existsSync(join(root, "runs"))
        ? (await readFile(join(root, "runs"), "utf8")).trim().split("\n")
        : [],
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  };
}

/** Waits for the end of a process; returns its exit code or signal. */
export async function exitOf(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.signalCode ?? child.exitCode;
}

/** What a run may not leave behind: processes, a lock, a temporary folder. */
export async function remainsOf(project: CiProject, sha: string): Promise<string[]> {
  const { scriptMark, runnerMark, folder } = project.paths(sha);
  const pids = [...(await markedProcesses(scriptMark)), ...(await markedProcesses(runnerMark))];
  const names = existsSync(folder) ? await readdir(folder) : [];
  return [
    ...pids.map((pid) => `process ${pid}`),
    ...names.filter((name) => !/^[0-9a-f]{40}(\.error\.json|\.json|\.log)$/.test(name)),
    ...(await readdir(tmpdir())).filter((name) => name.startsWith("ampx-ci-")),
  ];
}

/** For `expect.poll`: above what a crowded machine needs to start a process. */
export const patiently = { timeout: 20_000, interval: 20 };
