import { join } from "node:path";
import type { ServerFile } from "@ampx/core";
import { homePaths } from "@ampx/core/home";
import { createRedactor } from "@ampx/core/redact";
import { secretValues } from "@ampx/core/redact-environment";
import { apiEnvironment } from "./child-environment.ts";
import { type ChildProgram, keepRunning } from "./kept-child.ts";
import { knownSecrets } from "./known-secrets.ts";
import { isHealthy, writeServerFile } from "./server-file.ts";
import { type ServerLog, serverLog } from "./server-log.ts";
import { type StartFailure, userErrorOf } from "./start-failure.ts";
import type { SupervisorOptions } from "./supervise.ts";
import type { ServerMessage } from "./supervised.ts";

// Longer than the worker takes to end its agents.
const graceMs = 15_000;
/** Whoever waits for the server is told that it cannot start instead of waiting on. */
const maxEndsBeforeReady = 3;
const maxLogBytes = 10 * 1024 * 1024;

/** Keeps the API and the worker running until the signal aborts. `ready` is called once, when the API answers. Throws when either cannot be started at all. */
export async function runParts(
  options: SupervisorOptions,
  token: string,
  signal: AbortSignal,
  ready: (server: ServerFile) => void,
): Promise<void> {
  const { home, version } = options;
  const secrets = await knownSecrets(programFile("known-secrets-main"), process.env);
  const log = logOf(options, [token, ...secretValues(process.env, secrets.names)]);
  log("ampx", `server ${version} starts, pid ${process.pid}, home ${home}`);
  const failing = new AbortController();
  const running = AbortSignal.any([signal, failing.signal]);
  let failure: StartFailure | undefined;
  let server: ServerFile | undefined;
  const startedAt = new Date().toISOString();

  const fail = (reason: StartFailure) => {
    failure ??= reason;
    failing.abort();
  };
  const listening = async (url: string) => {
    if (!(await isHealthy(url, running))) {
      if (server === undefined)
        fail({ kind: "failed", message: `the API at ${url} does not answer` });
      return;
    }
    const file = { pid: process.pid, url, version, started_at: startedAt };
    await writeServerFile(homePaths(home).serverFile, file);
    log("ampx", `listening on ${url}`);
    if (server === undefined) ready(file);
    server = file;
  };
  const onMessage = (message: ServerMessage) => {
    if (message.is === "listening")
      listening(message.url).catch((error: unknown) => {
        // One that serves already is known to its clients by the file that is there: a full disk must not end it.
        if (server === undefined) fail({ kind: "failed", message: String(error) });
        else log("ampx", `${homePaths(home).serverFile} cannot be written: ${String(error)}`);
      });
    // What cannot start is told to whoever waits for it; of a server that has run it is a fault to recover from.
    if (message.is === "failed" && server === undefined) fail(message.failure);
  };

  let ends = 0;
  const onEnd = (how: string) => {
    if (server === undefined && ++ends === maxEndsBeforeReady)
      fail({ kind: "failed", message: `its processes end at once (${how})` });
  };

  const shared = ["--home", home, "--version", version];
  const api: ChildProgram = {
    name: "api",
    file: programFile("api-main"),
    // Once it has listened it takes the same port again: whoever has its address goes on with it.
    args: () => [
      ...shared,
      ...portArgs(options.port, server),
      ...(server === undefined ? ["--starting"] : []),
    ],
    env: { ...apiEnvironment(process.env, secrets.names), AMPX_SECRET_DIGESTS: secrets.digests },
    onMessage,
    onEnd,
  };
  const worker: ChildProgram = {
    name: "worker",
    file: programFile("worker-main"),
    args: () => shared,
    env: process.env,
    onMessage,
    onEnd,
  };
  // Whatever goes wrong with one ends the other as well, before the home's lock is free.
  const kept = [api, worker].map((program) =>
    keepRunning(program, log, graceMs, running).catch((error: unknown) =>
      fail({ kind: "failed", message: String(error) }),
    ),
  );
  await Promise.all(kept);
  log("ampx", failure === undefined ? "server stopped" : `server failed: ${failure.message}`);
  if (failure !== undefined) throw userErrorOf(failure);
}

function logOf({ home, attached }: SupervisorOptions, secrets: string[]): ServerLog {
  return serverLog({
    file: homePaths(home).serverLog,
    maxBytes: maxLogBytes,
    redact: createRedactor(secrets),
    now: Date.now,
    ...(attached && { echo: (line: string) => process.stderr.write(line) }),
  });
}

function portArgs(asked: number | undefined, server: ServerFile | undefined): string[] {
  if (server !== undefined) return ["--port", new URL(server.url).port];
  return asked === undefined ? [] : ["--port", String(asked), "--exact-port"];
}

/** A program beside this one, with its extension: `.ts` in the repository, `.js` in the published package. */
function programFile(name: string): string {
  return join(
    import.meta.dirname,
    name + import.meta.filename.slice(import.meta.filename.lastIndexOf(".")),
  );
}
