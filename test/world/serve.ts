import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { CreatedTask, ServerFile } from "@ampx/core";
import type { World } from "./world.ts";

const project = resolve(import.meta.dirname, "../..");
const bin = join(project, "packages/cli/bin/ampx.js");

/** `ampx` for one world, as a person types it. Its server, once one runs, is stopped at the end of the scope. */
export interface Served extends AsyncDisposable {
  ampx(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Starts `ampx` and leaves it running. */
  spawn(args: string[]): ChildProcess;
  /** `ampx start` of a task for the world's repository; returns its full id. */
  startTask(prompt: string): Promise<string>;
  /** Asks the API as its clients do. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  server(): Promise<ServerFile>;
  /** The process of a part of the server that runs now: `supervisor-main`, `api-main` or `worker-main`. */
  pidOf(program: string): number | undefined;
}

/** Runs `ampx serve --detach` in a world. */
export async function serve(world: World, more: NodeJS.ProcessEnv = {}): Promise<Served> {
  const env = {
    ...world.env,
    AMPX_PORT: "0",
    AMPX_CI_POLL_SECONDS: "0.1",
    NODE_COMPILE_CACHE: join(project, "node_modules/.cache/ampx-compiled"),
    ...more,
  };
  const start = (args: string[]) =>
    spawn(process.execPath, [bin, ...args], { cwd: world.root, env });
  const ampx: Served["ampx"] = async (args) => {
    const child = start(args);
    child.stdin.end();
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { code: child.exitCode, stdout, stderr };
  };
  const server = async () =>
    ServerFile.parse(JSON.parse(await readFile(join(world.home, "run/server.json"), "utf8")));

  const served = await ampx(["serve", "--detach"]);
  if (served.code !== 0) throw new Error(served.stderr);
  return {
    ampx,
    spawn: start,
    server,
    async startTask(prompt) {
      const args = ["start", "--repo", world.repo, "--task", prompt, "--json"];
      const { code, stdout, stderr } = await ampx(args);
      if (code !== 0) throw new Error(stderr);
      return CreatedTask.parse(JSON.parse(stdout)).id;
    },
    async fetch(path, init = {}) {
      const token = (await readFile(join(world.home, "token"), "utf8")).trim();
      const headers = {
        authorization: `Bearer ${token}`,
        ...(init.body === undefined ? {} : { "content-type": "application/json" }),
      };
      return fetch(new URL(path, (await server()).url), { ...init, headers });
    },
    pidOf: (program) =>
      world.processes().find(({ commandLine }) => commandLine.includes(`/server/${program}.ts`))
        ?.pid,
    async [Symbol.asyncDispose]() {
      await ampx(["stop"]);
    },
  };
}
