import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { homePaths, type ServerStatus, type TaskDetail } from "@ampx/core";
import { openStore, type Store } from "@ampx/store";
import { stringify } from "yaml";
import { waitUntil } from "./wait-until.ts";

/** The program as a person starts it. */
export const ampxProgram = resolve(import.meta.dirname, "../../packages/cli/bin/ampx.js");

/** A home with its server running. Disposing of it stops the server. */
export interface ServedHome extends AsyncDisposable {
  home: string;
  env: NodeJS.ProcessEnv;
  /** The supervisor's. */
  pid: number;
  /** Asks the API; returns the answer's body. Throws when it refuses. */
  api(method: "GET" | "POST", path: string, body?: object): Promise<string>;
  /** Resolves when the task waits for a person: its agent changes nothing and has one attempt. */
  untilOver(id: string): Promise<void>;
}

export interface ServedHomeOptions {
  /** The command line of the agent of every task. */
  agent?: string[];
  /** Further settings, as in the config file. */
  config?: Record<string, unknown>;
  /** Further variables of the server's environment. */
  env?: Record<string, string>;
  /** Fills the store before the server starts. */
  fill?(store: Store, database: string): Promise<void>;
}

/** Serves a home in this folder, which is made; ready once the worker has said that it lives. */
export async function serveHome(
  folder: string,
  signal: AbortSignal,
  { agent, config: more = {}, env: variables = {}, fill }: ServedHomeOptions = {},
): Promise<ServedHome> {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  const command = { command: agent ?? ["true"] };
  const config = { agent: "command", agents: { command }, port: 0, ...more };
  await writeFile(join(home, "config.yaml"), stringify(config));
  if (fill !== undefined) {
    const { database } = homePaths(home);
    await using store = await openStore({ file: database, redact: (text) => text });
    await fill(store, database);
  }
  const env = { ...benchEnvironment(folder, home), ...variables };
  const ampx = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, [ampxProgram, ...args], { env, cwd: folder }))
      .stdout;
  const { url, pid }: { url: string; pid: number } = JSON.parse(
    await ampx("serve", "--detach", "--json"),
  );
  const token = (await readFile(homePaths(home).token, "utf8")).trim();
  const api: ServedHome["api"] = async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text;
  };
  const served: ServedHome = {
    home,
    env,
    pid,
    api,
    untilOver: (id) =>
      waitUntil(
        `the end of task ${id}`,
        async () => {
          const task = JSON.parse(await api("GET", `/tasks/${id}`)) as TaskDetail;
          if (task.status === "error") throw new Error(`the task failed: ${task.summary}`);
          return task.status === "needs_review";
        },
        signal,
      ),
    async [Symbol.asyncDispose]() {
      await ampx("stop");
    },
  };
  const hasWorker = async () => {
    const { workers } = JSON.parse(await api("GET", "/status")) as ServerStatus;
    return workers.length > 0;
  };
  try {
    await waitUntil("a worker", hasWorker, signal);
  } catch (error) {
    await served[Symbol.asyncDispose]();
    throw error;
  }
  return served;
}

/** What a program of a figure sees: nothing of it writes outside the figure's folder. */
export function benchEnvironment(folder: string, home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: folder,
    LANG: "C.UTF-8",
    TMPDIR: process.env["TMPDIR"],
    AMPX_HOME: home,
    NODE_COMPILE_CACHE: join(folder, "compiled"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
}
