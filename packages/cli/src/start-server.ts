import { type ChildProcess, spawn } from "node:child_process";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import type { ServerFile } from "@ampx/core";
import { homePaths } from "@ampx/core/home";
import { UserError } from "@ampx/core/user-error";
import { findServer } from "./find-server.ts";
import { userErrorOf } from "./server/start-failure.ts";
import type { SupervisorMessage } from "./server/supervise.ts";

export interface ServerStart {
  home: string;
  version: string;
  port?: number;
  /** What the server gets; by default what this process has. */
  env?: NodeJS.ProcessEnv;
}

export interface StartedServer {
  server: ServerFile;
  /** False when one ran already. */
  startedHere: boolean;
}

/** Finds the home's server or starts it in the background, and says so. Safe to be called by many at once: they all find the same one. */
export async function ensureServer(
  options: ServerStart & { say(text: string): void },
): Promise<ServerFile> {
  const running = await findServer(options.home);
  if (running !== undefined) return running;
  options.say("No ampx server runs yet: starting one in the background");
  const { server } = await startInBackground(options);
  options.say(`ampx server at ${server.url}, pid ${server.pid}; ampx stop ends it`);
  return server;
}

/** Starts the server so that it outlives this process and its terminal; resolves when it answers. */
export async function startInBackground(options: ServerStart): Promise<StartedServer> {
  await compileSupervisor();
  const child = spawnSupervisor(options, { attached: false });
  const started = await answerOf(child, options.home);
  child.disconnect();
  child.unref();
  return started;
}

/** Starts the server as a part of this process: it ends when this one does. `ended` resolves with its exit code. */
export async function startInFront(
  options: ServerStart,
): Promise<StartedServer & { child: ChildProcess; ended: Promise<number> }> {
  await compileSupervisor();
  const child = spawnSupervisor(options, { attached: true });
  const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  return { ...(await answerOf(child, options.home)), child, ended };
}

/** Into the cache, at the very first start: what compiles the sources would stay in the supervisor's memory, 29 of 88 MB. */
async function compileSupervisor(): Promise<void> {
  await import("./server/supervisor-main.ts");
  flushCompileCache();
}

function spawnSupervisor(
  { home, version, port, env = process.env }: ServerStart,
  { attached }: { attached: boolean },
): ChildProcess {
  const extension = import.meta.filename.slice(import.meta.filename.lastIndexOf("."));
  const args = [
    "--home",
    home,
    "--version",
    version,
    ...(port === undefined ? [] : ["--port", String(port)]),
    ...(attached ? ["--attached"] : []),
  ];
  return spawn(
    process.execPath,
    [join(import.meta.dirname, "server", `supervisor-main${extension}`), ...args],
    {
      // A folder that stays, whatever becomes of the one where the user stands.
      cwd: "/",
      env,
      detached: !attached,
      stdio: ["ignore", "ignore", attached ? "inherit" : "ignore", "ipc"],
    },
  );
}

function answerOf(child: ChildProcess, home: string): Promise<StartedServer> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.on("message", (message: SupervisorMessage) => {
      if (message.is === "ready")
        return resolve({ server: message.server, startedHere: message.startedHere });
      const { message: text, tryThis = `read ${homePaths(home).serverLog}` } = message.failure;
      reject(
        userErrorOf({
          ...message.failure,
          message: `The ampx server did not start: ${text}`,
          tryThis,
        }),
      );
    });
    child.once("exit", (code, signal) => {
      reject(
        new UserError(
          `The ampx server ended before it answered (${signal ?? `exit code ${code}`})`,
          { tryThis: `read ${homePaths(home).serverLog}` },
        ),
      );
    });
  });
}
