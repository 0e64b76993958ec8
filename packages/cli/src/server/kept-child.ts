import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerLog } from "./server-log.ts";
import type { ServerMessage } from "./supervised.ts";

export interface ChildProgram {
  /** What it is called in the log. */
  name: string;
  /** The module that Node runs. */
  file: string;
  /** Asked before every start. */
  args(): string[];
  env: NodeJS.ProcessEnv;
  /** What it says over its channel. */
  onMessage(message: ServerMessage): void;
  /** It has ended by itself, and will be started again if nobody aborts. */
  onEnd(how: string): void;
}

const firstPauseMs = 200;
const longestPauseMs = 10_000;
/** The youngest objects get 1 MB instead of 16: what a server needs only while it loads would stay resident, 12 MB a process. */
const lean = ["--max-semi-space-size=1"];
/** A child that lived this long was well: the next pause is the first one again. */
const wellAfterMs = 30_000;

/**
 * Keeps a program running: starts it again when it ends, after a pause that doubles from 0.2 s to 10 s, until the signal
 * aborts. Then it asks by SIGTERM and, after `graceMs`, ends it by SIGKILL. Resolves when it is gone.
 */
export async function keepRunning(
  program: ChildProgram,
  log: ServerLog,
  graceMs: number,
  signal: AbortSignal,
): Promise<void> {
  let pause = firstPauseMs;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const end = await runOnce(program, log, graceMs, signal);
    if (signal.aborted) return;
    program.onEnd(end);
    if (performance.now() - startedAt > wellAfterMs) pause = firstPauseMs;
    log("ampx", `${program.name} ended (${end}); it starts again in ${pause / 1000} s`);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(pause * 2, longestPauseMs);
  }
}

async function runOnce(
  program: ChildProgram,
  log: ServerLog,
  graceMs: number,
  signal: AbortSignal,
): Promise<string> {
  const child = spawn(process.execPath, [...lean, program.file, ...program.args()], {
    env: program.env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Ctrl-C in a terminal goes to a whole group; it is for the supervisor alone.
    detached: true,
  });
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const lines = streams.map((stream) => logLines(stream, program.name, log));
  child.on("message", program.onMessage);
  const exited = exitOf(child);
  let killer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGTERM");
    killer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const end = await exited;
  signal.removeEventListener("abort", stop);
  clearTimeout(killer);
  // A grandchild may hold the pipes open; what the child itself said has been read by then.
  await Promise.race([Promise.all(lines), sleep(500)]);
  return end;
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, killed) => resolve(killed ?? `exit code ${code}`));
  });
}

async function logLines(stream: Readable, name: string, log: ServerLog): Promise<void> {
  for await (const line of createInterface({ input: stream })) log(name, line);
}
