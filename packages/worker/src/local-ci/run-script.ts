import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Millis } from "@ampx/core";
import { endProcesses } from "../process-tree.ts";
import type { CiLog } from "./ci-log.ts";

export type ScriptEnd =
  | { is: "exited"; code: number }
  | { is: "killed"; signal: NodeJS.Signals }
  | { is: "timed_out" };

export interface ScriptRun {
  command: string[];
  cwd: string;
  /** Holds `mark`. */
  env: Record<string, string>;
  mark: string;
  timeoutMs: Millis;
  /** How long each step of ending it may take before the next, harder one. */
  graceMs: Millis;
}

/**
 * Runs `ci.sh` in a session of its own to its end and leaves none of its processes behind, however it ends. Throws the signal's reason when
 * aborted, and what went wrong when it could not be started or its output could not be kept.
 */
export async function runScript(
  run: ScriptRun,
  log: CiLog,
  signal: AbortSignal,
): Promise<ScriptEnd> {
  signal.throwIfAborted();
  // Both outputs go into one pipe, or their order is lost.
  const child = spawn("/bin/sh", ["-c", 'exec 2>&1; exec "$@"', "sh", ...run.command], {
    cwd: run.cwd,
    env: run.env,
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const end = endOf(child);
  const output = log.read(child.stdout);
  // Judged below; until then a failure of it must not count as unhandled.
  output.catch(() => undefined);

  using stop = stopAfter(run.timeoutMs, signal);
  const brokenOutput = output.then(() => end);
  try {
    return await Promise.race([end, stop.promise, brokenOutput]);
  } finally {
    await endProcesses({
      ...(child.pid === undefined ? {} : { pid: child.pid }),
      mark: run.mark,
      graceMs: run.graceMs,
    });
    // What escaped every net may still hold the pipe; nobody waits for it.
    const closed = await Promise.race([
      output.then(() => true),
      sleep(run.graceMs, false, { ref: false }),
    ]);
    if (!closed) child.stdout.destroy();
    await output.catch((error: unknown) => (closed ? Promise.reject(error) : undefined));
  }
}

async function endOf(child: ChildProcessByStdio<null, Readable, null>): Promise<ScriptEnd> {
  // Rejects with the `error` event when it could not be started.
  await once(child, "exit");
  if (child.signalCode !== null) return { is: "killed", signal: child.signalCode };
  return { is: "exited", code: child.exitCode ?? -1 };
}

function stopAfter(ms: Millis, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<ScriptEnd>();
  const timer = setTimeout(() => resolve({ is: "timed_out" }), ms);
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    promise,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    },
  };
}
