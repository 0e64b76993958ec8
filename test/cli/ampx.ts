import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "../..");
const bin = join(root, "packages/cli/bin/ampx.js");

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line as a person uses it, with a home and a folder of its own. Disposing of it stops its server. */
export interface Person extends AsyncDisposable {
  home: string;
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Runs `ampx` to its end. */
  ampx(
    args: string[],
    options?: { stdin?: string; cwd?: string; env?: NodeJS.ProcessEnv },
  ): Promise<Ended>;
  /** Starts `ampx` and leaves it running. */
  start(args: string[]): ChildProcess;
  git(cwd: string, ...args: string[]): Promise<string>;
}

export async function person(extra: NodeJS.ProcessEnv = {}): Promise<Person> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "ampx-cli-")));
  const home = join(folder, "home");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    AMPX_HOME: home,
    AMPX_PORT: "0",
    TZ: "UTC",
    NODE_COMPILE_CACHE: join(root, "node_modules/.cache/ampx-compiled"),
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.org",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.org",
    ...extra,
  };
  const start = (args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) =>
    spawn(process.execPath, [bin, ...args], {
      cwd: options.cwd ?? folder,
      env: { ...env, ...options.env },
    });
  const ampx: Person["ampx"] = async (args, options = {}) => {
    const child = start(args, options);
    const output = Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    child.stdin.end(options.stdin ?? "");
    const [code] = (await once(child, "exit")) as [number | null];
    const [stdout, stderr] = await output;
    return { code, stdout, stderr };
  };
  return {
    home,
    folder,
    env,
    ampx,
    start,
    git: async (cwd, ...args) =>
      (await promisify(execFile)("git", args, { cwd, env })).stdout.trim(),
    async [Symbol.asyncDispose]() {
      await ampx(["stop"]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A project "shop" with a first commit, whose CI wants an `answer` of 42. */
export async function initShop({ ampx, folder, git }: Person): Promise<void> {
  await ampx(["init", "shop"]);
  await writeFile(join(folder, "shop/ci.sh"), "#!/bin/sh\ngrep -qx 42 answer\n");
  const clone = join(folder, "clone");
  await git(folder, "init", "--quiet", "--initial-branch=main", clone);
  await git(clone, "commit", "--quiet", "--allow-empty", "-m", "First");
  await git(clone, "push", "--quiet", join(folder, "shop/repo.git"), "main");
}

/** Asks again and again until the answer is given; fails with what was asked for after the deadline. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  deadlineMs = 20_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
    await new Promise((resolved) => setTimeout(resolved, 50));
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}
